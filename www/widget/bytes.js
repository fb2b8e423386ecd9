// Pages of calls as bytes.

/**
 * Bytes of a view or a buffer, of a frame's own ones, too; anything else as it is. A buffer that was handed over before
 * fails here, and not within the module.
 */
export function asBytes(page) {
  if (page instanceof Uint8Array) return page;
  if (ArrayBuffer.isView(page)) return new Uint8Array(new Uint8Array(page.buffer, page.byteOffset, page.byteLength));
  if (page instanceof ArrayBuffer) return new Uint8Array(page);
  return Object.prototype.toString.call(page) === "[object ArrayBuffer]" ? new Uint8Array(new Uint8Array(page)) : page;
}
