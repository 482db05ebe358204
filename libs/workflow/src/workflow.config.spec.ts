import { checkedAddress, WorkflowConfig } from './workflow.config.js';

const config = (settings: Partial<WorkflowConfig>) => checkedAddress(Object.assign(new WorkflowConfig(), settings));

describe('the address of the workflows', () => {
  test('is on this machine where nothing is said', () => {
    expect(config({})).toEqual({ url: undefined, host: '127.0.0.1', port: 0, identityKeys: [] });
  });

  test('may be that of a balancer, behind a port of our own, for a Restate that signs its calls', () => {
    const settings = { workflowUrl: 'http://workflows.example:80/', workflowPort: 9080, identityKey: 'publickeyv1_x' };
    expect(config(settings)).toEqual({
      url: 'http://workflows.example',
      host: '0.0.0.0',
      port: 9080,
      identityKeys: ['publickeyv1_x'],
    });
  });

  test('is not open to the network for anybody to call', () => {
    expect(() => config({ workflowUrl: 'http://workflows.example:9080' })).toThrow('RESTATE_IDENTITY_KEY');
  });

  test('is of no use with half a Restate', () => {
    expect(() => config({ ingressUrl: 'http://127.0.0.1:8080' })).toThrow('RESTATE_ADMIN_URL');
  });
});
