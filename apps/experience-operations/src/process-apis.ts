import { clientOf, Transports } from '@concord/api';
import { Problem } from '@concord/canonical';
import { PatientToBillingApi } from '@concord/sdk-process';

const CLIENT = clientOf({ layer: 'experience', name: 'operations' });

/** The process APIs, and which of them owns the runs of a workflow: runs are repaired by their owner only. */
export class ProcessApis {
  readonly patientToBilling: PatientToBillingApi;
  private readonly owners: Readonly<Record<string, PatientToBillingApi>>;

  constructor(transports: Transports) {
    this.patientToBilling = new PatientToBillingApi(transports.to('process/patient-to-billing', CLIENT));
    this.owners = { 'encounter-to-finance': this.patientToBilling, 'message-to-ehr': this.patientToBilling };
  }

  ownerOf(workflow: string): PatientToBillingApi {
    const owner = Object.hasOwn(this.owners, workflow) ? this.owners[workflow] : undefined;
    if (!owner) throw new Problem('not-found', 'No process API is known for this workflow', { context: { workflow } });
    return owner;
  }
}
