/**
 * State that every entry hands on to the next. It is exact because there are no gaps: whoever appends n+1 has seen n.
 */
export interface RunningState {
  /** Messages up to and including this entry, tombstones included. */
  readonly n: number;
  /** Seq of the newest message; 0 if there is none. */
  readonly lastMessageSeq: number;
  readonly owners: number;
  /** Active members; kept for groups only, else as at creation. */
  readonly members: number;
  readonly slowModeSeconds: number;
  /** The conversation's rate: GCRA arrival time in ms since the epoch. */
  readonly tat: number;
}

/** What is stored of every entry, whatever its kind. */
export interface EntryHeader extends RunningState {
  readonly conversationId: string;
  /** 1, 2, 3 … without a gap (LOG-1). */
  readonly seq: number;
  /** ISO 8601; never earlier than the entry before. */
  readonly at: string;
  /** Who did it. */
  readonly senderId: string;
  /** The sender's own rate, as `tat`; 0 if nothing was sent lately. */
  readonly senderTat: number;
  /** The client's id of the message, if it gave one. */
  readonly clientMessageId?: string;
  /** Otherwise the gateway's id of the frame: an SDK retry of a put whose answer was lost finds itself by it. */
  readonly requestId?: string;
  /** The acting connection: it has its reply and gets no push. */
  readonly origin?: string;
}
