// CMYK as RGB by Pillow's rule, which knows no inks: 0 is none of them, and black darkens what the others leave.

/**
 * @param {Uint8Array} data [pixels, 4] It is overwritten.
 * @returns {Uint8Array} [pixels, 3] In the same memory.
 */
export function cmykToRgb(data) {
  const pixels = data.length / 4;
  for (let i = 0; i < pixels; i++) {
    const light = 255 - data[4 * i + 3];
    for (let c = 0; c < 3; c++) data[3 * i + c] = light - Math.round((data[4 * i + c] * light) / 255);
  }
  return data.subarray(0, 3 * pixels);
}
