/** The program of a worker of Node: the same as that of browsers, where packing puts it beside this environment's modules. */
import './worker.js';
