// A program of png.test.js: reads the picture at a path where sharp is not installed, and prints its size and the most memory
// that the process has held, in bytes. Not a test.
import { readImage } from '../../bindings/vision/input.js';
import { withoutSharp } from './fixtures.js';

const { data, width, height } = await readImage(process.argv[2], withoutSharp);
const held = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ width, height, bytes: data.length, held }));
