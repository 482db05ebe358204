import { setting } from '@concord/api';

export class SimulatorsConfig {
  @setting('SIMULATORS', 'Simulators of the outside world beside the gateway, on loopback only', {
    oneOf: ['on', 'off'],
  })
  simulators: 'on' | 'off' = 'on';

  @setting('SIMULATORS_PORT', 'Port on which the simulators are told to fail; they have the ports after it', {
    min: 0,
    max: 65_000,
  })
  port = 9300;
}
