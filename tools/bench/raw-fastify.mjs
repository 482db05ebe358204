// The measure for one hop: Fastify alone, answering the same JSON.
import Fastify from 'fastify';

const body = {
  code: 'CH-VISIT-CHECKUP',
  description: 'Check-up visit',
  price: { amount: '125.00', currency: 'USD' },
  serviceLine: 'PRIMARY-CARE',
};
const app = Fastify();
app.get('/charge-items/:code', () => body);
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
process.send?.('ready');
