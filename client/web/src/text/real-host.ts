/** The port that an address may show although it changes nothing. */
const DEFAULT_PORT = /:(?:80|443)$/;

/**
 * The host that a link leads to, if its text shows another: letters of another script that look alike, a name before an
 * @, digits that are an address. Undefined if the text shows the host as it is.
 */
export function realHostOf(shown: string, href: string): string | undefined {
  const { protocol, host, pathname } = new URL(href);
  if (protocol === 'mailto:') {
    const domain = decodeURIComponent(pathname.slice(pathname.lastIndexOf('@') + 1));
    return differing(shown.slice(shown.lastIndexOf('@') + 1), hostOf(domain));
  }
  return differing(shown.replace(/^[a-z]+:\/\//i, '').replace(/[/?#\\].*$/s, ''), host);
}

function differing(shown: string, real: string): string | undefined {
  const seen = shown.toLowerCase().replace(DEFAULT_PORT, '').replace(/\?.*$/s, '');
  return seen === real.replace(DEFAULT_PORT, '') ? undefined : real;
}

/** As a browser would read it: names in other scripts in their ASCII form. */
function hostOf(domain: string): string {
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).host : domain;
}
