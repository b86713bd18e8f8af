/** Peak resident memory of this process. As a program, prints that of a process that does nothing else. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** In MB of 1e6 bytes. */
export function peakMb() {
  try {
    // The high-water mark of this program alone; getrusage's survives exec and so may be the parent's.
    const found = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found) return (Number(found[1]) * 1024) / 1e6;
  } catch {
    // Not Linux.
  }
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(peakMb());
