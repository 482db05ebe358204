// Sends messages as an EHR does, and lean: the load shares the machine with what is measured.
import { Pool } from 'undici';

export class Sender {
  /** @param caller gives the token @param path where the messages go @param connections so many wait for an answer at a time */
  constructor(caller, path, { connections, contentType }) {
    this.caller = caller;
    this.request = { method: 'POST', path };
    this.contentType = contentType;
    this.connections = connections;
    this.pool = new Pool(caller.url, { connections, pipelining: 1 });
  }

  /** Resolves when all are acknowledged; rejects at the first that is refused. */
  async send(messages) {
    const token = await this.caller.tokenFor(this.request.path);
    // Without an Idempotency-Key: the message carries its own identity.
    const headers = { authorization: `Bearer ${token}`, 'content-type': this.contentType };
    const left = messages.values();
    const sendOn = async () => {
      for (const body of left) await this.acknowledged({ ...this.request, headers, body });
    };
    await Promise.all(Array.from({ length: this.connections }, sendOn));
  }

  close() {
    return this.pool.close();
  }

  acknowledged(request) {
    return new Promise((resolve, reject) => {
      let status = 0;
      let answer = '';
      this.pool.dispatch(request, {
        onRequestStart() {},
        onResponseStart(_, statusCode) {
          status = statusCode;
        },
        onResponseData(_, chunk) {
          if (status >= 300) answer += chunk;
        },
        onResponseEnd() {
          if (status < 300) resolve();
          else reject(new Error(`answered ${status}: ${answer.slice(0, 500)}`));
        },
        onResponseError: (_, error) => reject(error),
      });
    });
  }
}
