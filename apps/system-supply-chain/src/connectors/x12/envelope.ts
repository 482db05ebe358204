import { inVersion, type Guide, type SetData, writeSet, writeX12 } from '@concord/x12';
import type { Partners, TradingPartner } from './partner.js';

interface Numbers {
  readonly interchange: number;
  readonly group: number;
}

/** One set in an envelope of its own, to one partner. */
export function envelopeOf<V>(
  partners: Partners,
  partner: TradingPartner,
  numbers: Numbers,
  guide: Guide<V>,
  value: V,
  now: Date,
): Buffer {
  const [day, clock] = [
    now.toISOString().slice(0, 10).replaceAll('-', ''),
    now.toISOString().slice(11, 16).replace(':', ''),
  ];
  const set: SetData = writeSet(inVersion(guide, partner.release), '0001', value);
  return writeX12([
    {
      header: {
        authorizationQualifier: '00',
        authorization: '',
        securityQualifier: '00',
        security: '',
        senderQualifier: partners.us.qualifier,
        sender: partners.us.identifier,
        receiverQualifier: partner.qualifier,
        receiver: partner.identifier,
        date: day.slice(2),
        time: clock,
        version: partner.release === '004010' ? '00401' : '00501',
        controlNumber: String(numbers.interchange).padStart(9, '0'),
        acknowledgmentRequested: '0',
        usage: partners.usage,
      },
      groups: [
        {
          header: {
            functionalId: guide.functionalId,
            sender: partners.us.identifier,
            receiver: partner.identifier,
            date: day,
            time: clock,
            controlNumber: String(numbers.group),
            agency: 'X',
            version: partner.release,
          },
          sets: [set],
        },
      ],
    },
  ]);
}
