/** The program of a worker of Node. */
import { serve } from './workers/serve.js';

serve();
