// The AWS SDK comes with the runtime.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';

/** Notes every order that a message names (`#1234`). An event may come twice: the same line is then written twice. */
export async function handler({ detail }) {
  const frames = detail.entries?.map(({ frame }) => frame) ?? (await readLog(detail));
  for (const { event, data } of frames) {
    if (event !== 'receive-message') continue;
    for (const [order] of (data.content ?? '').matchAll(/#\d+/g)) {
      console.log(JSON.stringify({ order, conversationId: detail.conversationId, seq: data.seq, by: data.senderId }));
    }
  }
}

/** The entries `from` to `to`, when an operator has them delivered again and the event names their positions alone. */
async function readLog({ conversationId, from, to }) {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const pages = paginateQuery(
    { client },
    {
      TableName: process.env.CHAT_TABLE,
      KeyConditionExpression: 'pk = :log AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':log': `L#${conversationId}`, ':from': key(from), ':to': key(to) },
    },
  );
  const items = (await Array.fromAsync(pages)).flatMap(({ Items }) => Items);
  return items.map(({ kind, sk, content, senderId }) => ({
    event: kind,
    data: { seq: Number(sk), content, senderId },
  }));
}

function key(seq) {
  return String(seq).padStart(12, '0');
}
