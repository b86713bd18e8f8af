/** The program of a worker of a page. */
import { serve } from './workers/serve.js';

serve();
