import { setting } from '@concord/api';

export class MasterDataConfig {
  @setting(
    'MASTER_DATA_FRESH_SECONDS',
    'Seconds for which a price, rate or item is used before it is asked for again',
    {
      min: 0.05,
      max: 3600,
    },
  )
  freshSeconds = 30;

  @setting(
    'TRUE_UP_SECONDS',
    'Seconds between two looks whether estimates and accruals can be replaced by what is known',
    {
      min: 0.1,
      max: 86_400,
    },
  )
  trueUpSeconds = 60;
}
