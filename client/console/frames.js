/**
 * @typedef {{ event: string, requestId?: string, data: any }} Frame
 */

/**
 * @param {string} text
 * @returns {Frame[]} what it carries: none if it is the gateway's own (ENV-3), many if it is a `batch` (ENV-6)
 */
export function parseFrames(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    return [];
  }
  if (typeof frame?.event !== 'string' || typeof frame.data !== 'object' || frame.data === null) return [];
  if (frame.event !== 'batch') return [frame];
  return Array.isArray(frame.data.frames) ? frame.data.frames.filter((inner) => typeof inner?.event === 'string') : [];
}
