/** The domains under which AWS's partitions have their endpoints, as AWS's SDKs list them. */
export const AWS_DOMAINS = [
  'amazonaws.com',
  'api.aws',
  'amazonaws.com.cn',
  'api.amazonwebservices.com.cn',
  'amazonaws.eu',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'cloud.adc-e.uk',
  'csp.hci.ic.gov',
] as const;

/**
 * Whether a URL is AWS's own, in whichever partition: all else that calls may be sent to is an emulator. An account
 * that is taken for an emulator would get test users and a sign-in without TLS.
 * @throws TypeError if it is no URL
 */
export function isAwsUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/\.$/, '');
  return AWS_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
