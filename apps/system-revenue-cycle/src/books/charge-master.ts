/**
 * The charge master of the sandbox: our own codes, prices of one in USD, and the HCPCS level II code where a real one says
 * the same. It holds no CPT, which is licensed.
 */
import { money, type ChargeItem } from '@concord/canonical';

type Entry = readonly [code: string, description: string, price: string, hcpcs?: string];

const ENTRIES: Readonly<Record<string, readonly Entry[]>> = {
  'PRIMARY-CARE': [
    ['CH-VISIT-CHECKUP', 'Check-up visit', '180.00'],
    ['CH-VISIT-SYMPTOM', 'Visit for a symptom', '165.00'],
    ['CH-VISIT-PROBLEM', 'Visit for a known problem', '150.00'],
    ['CH-VISIT-OFFICE', 'Office visit', '140.00'],
    ['CH-VISIT-GENERAL', 'Visit without a stated purpose', '130.00'],
    ['CH-VISIT-FOLLOW-UP', 'Follow-up visit', '110.00'],
    ['CH-VISIT-CONSULTATION', 'Consultation for treatment', '220.00'],
    ['CH-VISIT-ALLERGY', 'Initial assessment of an allergic disorder', '210.00'],
    ['CH-VISIT-FACILITY', 'Hospital outpatient clinic visit', '125.00', 'G0463'],
    ['CH-EXAM-BRIEF', 'Brief general examination', '75.00'],
    ['CH-RESP-FUNCTION', 'Measurement of respiratory function', '95.00'],
    ['CH-RESP-SPIROMETRY', 'Spirometry', '120.00'],
    ['CH-RESP-REHAB', 'Pulmonary rehabilitation, one session', '210.00'],
  ],
  PREVENTIVE: [
    ['CH-WELLNESS-INITIAL', 'Annual wellness visit, the first', '230.00', 'G0438'],
    ['CH-WELLNESS-ANNUAL', 'Annual wellness visit, a later one', '175.00', 'G0439'],
    ['CH-SCREEN-COLONOSCOPY', 'Screening colonoscopy', '1700.00', 'G0121'],
    ['CH-SCREEN-COLONOSCOPY-RISK', 'Screening colonoscopy at high risk', '1780.00', 'G0105'],
    ['CH-INJ-TETANUS', 'Injection of tetanus antitoxin', '145.00', 'J1670'],
    ['CH-IMM-FLU', 'Influenza immunization', '45.00', 'G0008'],
    ['CH-IMM-HPV', 'HPV immunization', '285.00'],
    ['CH-IMM-MENINGOCOCCAL', 'Meningococcal MCV4P immunization', '165.00'],
    ['CH-IMM-TD', 'Tetanus and diphtheria immunization, adult', '55.00'],
    ['CH-IMM-TDAP', 'Tetanus, diphtheria and pertussis immunization', '70.00'],
    ['CH-IMM-DTAP', 'Diphtheria, tetanus and pertussis immunization, child', '58.00'],
    ['CH-IMM-HEPA-ADULT', 'Hepatitis A immunization, adult', '105.00'],
    ['CH-IMM-HEPA-PED', 'Hepatitis A immunization, child', '68.00'],
    ['CH-IMM-HEPB-ADULT', 'Hepatitis B immunization, adult', '98.00', 'G0010'],
    ['CH-IMM-HEPB-PED', 'Hepatitis B immunization, child', '62.00', 'G0010'],
    ['CH-IMM-PCV13', 'Pneumococcal PCV13 immunization', '265.00', 'G0009'],
    ['CH-IMM-POLIO', 'Polio immunization', '64.00'],
    ['CH-IMM-HIB', 'Haemophilus influenzae type b immunization', '52.00'],
    ['CH-IMM-ROTAVIRUS', 'Rotavirus immunization', '150.00'],
    ['CH-IMM-ZOSTER', 'Zoster immunization', '245.00'],
    ['CH-IMM-VARICELLA', 'Varicella immunization', '175.00'],
    ['CH-IMM-MMR', 'Measles, mumps and rubella immunization', '115.00'],
  ],
  EMERGENCY: [
    ['CH-VISIT-EMERGENCY', 'Emergency room visit', '950.00'],
    ['CH-PROC-SUTURE', 'Suture of an open wound', '385.00'],
    ['CH-PROC-IMMOBILIZATION', 'Bone immobilization', '460.00'],
    ['CH-SUPPLY-SLING', 'Sling', '18.00', 'A4565'],
    ['CH-SUPPLY-WRIST-ORTHOSIS', 'Wrist hand orthosis, not molded', '85.00', 'L3908'],
  ],
  SURGERY: [
    ['CH-VISIT-OUTPATIENT-PROCEDURE', 'Outpatient procedure visit', '420.00'],
    ['CH-PROC-COLONOSCOPY', 'Colonoscopy', '1850.00'],
    ['CH-PROC-COLON-BIOPSY', 'Biopsy of the colon', '2150.00'],
    ['CH-PROC-POLYPECTOMY', 'Rectal polypectomy', '2400.00'],
    ['CH-PROC-SINUS-ENDOSCOPY', 'Nasal sinus endoscopy', '690.00'],
    ['CH-PROC-VASECTOMY', 'Vasectomy', '1200.00'],
    ['CH-PROC-TOOTH-EXTRACTION', 'Extraction of a wisdom tooth', '540.00'],
    ['CH-PROC-KNEE-MANIPULATION', 'Surgical manipulation of the knee joint', '1650.00'],
    ['CH-PROC-PCI', 'Coronary intervention with a drug-eluting stent', '24800.00', 'C9600'],
    ['CH-PROC-CABG', 'Coronary artery bypass grafting', '68500.00'],
    ['CH-PROC-LUNG-TRANSPLANT', 'Transplant of a lung', '312000.00'],
  ],
  IMAGING: [
    ['CH-IMG-CHEST', 'X-ray of the chest', '185.00'],
    ['CH-IMG-CLAVICLE', 'X-ray of the clavicle', '150.00'],
    ['CH-IMG-UPPER-ARM', 'X-ray of the upper arm', '150.00'],
    ['CH-IMG-WRIST', 'X-ray of the wrist', '145.00'],
    ['CH-IMG-KNEE', 'X-ray of the knee', '160.00'],
    ['CH-IMG-BONE-DENSITY', 'Bone density scan', '240.00'],
  ],
  'WOMENS-HEALTH': [
    ['CH-VISIT-PRENATAL', 'Initial prenatal visit', '260.00'],
    ['CH-SCREEN-PELVIC', 'Cervical or vaginal cancer screening', '95.00', 'G0101'],
    ['CH-PROC-IUD-INSERTION', 'Insertion of an intrauterine device', '480.00'],
    ['CH-PROC-IUD-REPLACEMENT', 'Replacement of an intrauterine device', '560.00'],
    ['CH-PROC-CONTRACEPTIVE-IMPLANT', 'Insertion of a subcutaneous contraceptive', '520.00'],
    ['CH-SUPPLY-IUD-COPPER', 'Intrauterine copper contraceptive', '890.00', 'J7300'],
    ['CH-SUPPLY-CONTRACEPTIVE-IMPLANT', 'Etonogestrel implant system', '980.00', 'J7307'],
  ],
  'BEHAVIORAL-HEALTH': [
    ['CH-VISIT-PSYCHIATRIC', 'Initial psychiatric interview', '310.00'],
    ['CH-MENTAL-ASSESSMENT', 'Mental health assessment, not by a physician', '190.00', 'H0031'],
    ['CH-DETOX', 'Drug rehabilitation and detoxification', '640.00', 'H0014'],
  ],
  LABORATORY: [
    ['CH-LAB-THROAT-CULTURE', 'Throat culture', '48.00'],
    ['CH-LAB-SPUTUM', 'Sputum examination', '62.00'],
    ['CH-LAB-BLOOD-SMEAR', 'Interpretation of a peripheral blood smear', '38.00'],
    ['CH-LAB-FECAL-OCCULT', 'Fecal occult blood test, immunoassay', '30.00', 'G0328'],
  ],
  INPATIENT: [
    ['CH-STAY-INPATIENT', 'Inpatient stay', '3200.00'],
    ['CH-STAY-THORACIC', 'Stay in thoracic surgery', '5400.00'],
    ['CH-STAY-ORTHOPEDIC', 'Stay in orthopedics', '4100.00'],
    ['CH-OBSERVATION-HOUR', 'Hospital observation, one hour', '110.00', 'G0378'],
  ],
};

/** The revenue code under which each service line bills (UB-04 form locator 42; bare codes). */
const REVENUE_CODES: Readonly<Record<string, string>> = {
  'PRIMARY-CARE': '0510',
  PREVENTIVE: '0771',
  EMERGENCY: '0450',
  SURGERY: '0360',
  IMAGING: '0320',
  'WOMENS-HEALTH': '0514',
  'BEHAVIORAL-HEALTH': '0900',
  LABORATORY: '0300',
  INPATIENT: '0120',
};

export const CHARGE_MASTER: readonly Omit<ChargeItem, 'changedAt'>[] = Object.entries(ENTRIES).flatMap(
  ([serviceLine, entries]) =>
    entries.map(([code, description, price, hcpcs]) => ({
      code,
      description,
      price: money(price),
      serviceLine,
      hcpcs,
      revenueCode: REVENUE_CODES[serviceLine],
    })),
);
