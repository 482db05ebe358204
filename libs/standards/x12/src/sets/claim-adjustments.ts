/** Why a payer paid another amount than was billed. */
import { an, decimal, id, n0, oneOf } from '../guide/element.js';
import { composite, required, series, situational } from '../guide/field.js';
import { segment } from '../guide/guide.js';
import { PROCEDURE } from './segments.js';

export const CAS = segment('CAS', 'adjustment', {
  group: required(1, oneOf('CO', 'CR', 'OA', 'PI', 'PR')), // CAS01 contractual, correction, other, payer, patient
  adjustments: series(2, 3, 6, {
    reason: required(1, id(1, 5)), // CAS02, 05, … claim adjustment reason code
    amount: required(2, decimal()), // CAS03, 06, …
    quantity: situational(3, decimal(15)), // CAS04, 07, …
  }),
});

const decided = {
  payer: required(1, an(2, 80)), // SVD01 as in NM109 of his loop 2330B
  paid: required(2, decimal()), // SVD02
  units: required(5, decimal(15)), // SVD05 units that were paid
  bundledLine: situational(6, n0(6)), // SVD06 LX01 of the line that this one was paid with
};

/** SVD of the professional claim (005010X222A1, loop 2430): the procedure as the payer saw it is needed. */
export const PROFESSIONAL_SVD = segment('SVD', 'line adjudication', {
  ...decided,
  procedure: required(3, composite(PROCEDURE)), // SVD03
});

/** SVD of the institutional claim (005010X223A2, loop 2430): the revenue code is needed. */
export const INSTITUTIONAL_SVD = segment('SVD', 'line adjudication', {
  ...decided,
  procedure: situational(3, composite(PROCEDURE)), // SVD03
  revenueCode: required(4, an(1, 48)), // SVD04
});
