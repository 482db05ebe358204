import { MllpSender } from './sender.js';

describe('A sender of messages over MLLP', () => {
  it('gives up a message whose connection it is told to close before it stands', async () => {
    const sender = new MllpSender({ host: '127.0.0.1', port: 9, timeoutMs: 30_000 });
    const sent = sender.send('MSH|^~\\&|', 'A1');
    sender.close();
    await expect(sent).rejects.toMatchObject({ slug: 'upstream-unavailable' });
  });
});
