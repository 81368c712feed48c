import { useWithoutNetwork } from '../state/use-without-network.ts';

/** Shown while there is no message to show. */
export function TimelineWait() {
  const without = useWithoutNetwork();
  const sentence = without ? 'The messages of this conversation are not on this device.' : 'Loading messages…';
  return <p className="timeline-wait quiet">{sentence}</p>;
}
