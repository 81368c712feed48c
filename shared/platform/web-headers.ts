/** Features of the browser that the web app does without. */
const PERMISSIONS_POLICY = 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()';

/**
 * The headers under which the web app is served, by name in lower case. CloudFront, the local server and the browser
 * tests all send these, so that what works in one of them works in the others. CloudFront adds HSTS, which would be
 * wrong on `http://localhost`.
 * @param connectTo origins that the app talks to, beside its own.
 */
export function webHeaders(connectTo: readonly string[]) {
  return {
    'content-security-policy': contentSecurityPolicy(connectTo),
    'permissions-policy': PERMISSIONS_POLICY,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  } as const;
}

/** Nothing runs and nothing is loaded but the app's own files. */
function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    ["connect-src 'self'", ...connectTo].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    // Text reaches the page through React alone: no code may turn a string into markup or script.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
