/** Why a payer paid another amount than was billed. */
import { an, decimal, id, oneOf } from '../guide/element.js';
import { required, series, situational } from '../guide/field.js';
import { segment } from '../guide/guide.js';

export const CAS = segment('CAS', 'adjustment', {
  group: required(1, oneOf('CO', 'CR', 'OA', 'PI', 'PR')), // CAS01 contractual, correction, other, payer, patient
  adjustments: series(2, 3, 6, {
    reason: required(1, id(1, 5)), // CAS02, 05, … claim adjustment reason code
    amount: required(2, decimal()), // CAS03, 06, …
    quantity: situational(3, decimal(15)), // CAS04, 07, …
  }),
});

export const SVD = segment('SVD', 'line adjudication', {
  payer: required(1, an(2, 80)), // SVD01
  paid: required(2, decimal()), // SVD02
  procedure: situational(3, an(1, 96)), // SVD03 as the payer saw it, composite kept whole
  revenueCode: situational(4, an(1, 48)), // SVD04
  units: situational(5, decimal(15)), // SVD05
  bundledLine: situational(6, an(1, 6)), // SVD06
});
