/** Subjects as identity providers write them: OpenID Connect allows any 255 ASCII characters. */
export const SUBJECTS = [
  '_Yp9gD3xQ0aV',
  '-AbCdEf012',
  'ann+chat@example.com',
  'waad|a/b',
  'CN=Ann Lee,OU=Staff',
  'a#b',
  'a$',
  '%23',
  '%2523',
  '"><b>\'\\',
  '__proto__',
  '~'.repeat(255),
] as const;
