/** Puts a text on the clipboard. @throws Error if the browser does not allow it */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page at a network address has no clipboard, and the browser may refuse it elsewhere. The old way still works.
    const area = document.createElement('textarea');
    area.className = 'hidden';
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    if (!copied) throw new Error('The browser did not allow copying.');
  }
}
