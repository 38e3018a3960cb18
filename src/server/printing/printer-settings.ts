// What is known about one receipt printer, as it stands in the settings file.

import { z } from 'zod';

const addressRule = 'must be the name or address of a printer in the network, such as 192.168.1.50';
const portRule = 'must be a whole number from 1 to 65535';

export const printerSettingsSchema = z
  .strictObject({
    host: z
      .string(addressRule)
      .regex(/^[0-9A-Za-z.:_-]{1,253}$/, addressRule)
      .describe('Name or address of the printer in the network.'),
    port: z.int(portRule).min(1, portRule).max(65_535, portRule).default(9100).describe('Raw printing port.'),
    columns: z
      .literal([48, 32], 'must be 48 (80 mm paper) or 32 (58 mm paper)')
      .default(48)
      .describe('Characters a line holds: 48 on 80 mm paper, 32 on 58 mm.'),
    commands: z
      .enum(['compatible', 'epson'], 'must be compatible or epson')
      .default('compatible')
      .describe('Dialect of ESC/POS: compatible suits nearly every printer.'),
    characters: z
      .enum(['gb18030', 'gbk', 'latin'], 'must be gb18030, gbk or latin')
      .default('gb18030')
      .describe('Characters that the printer has: gb18030 or gbk on Chinese models, latin on others.'),
    confirmation: z
      .enum(['paper-status', 'job-number', 'none'], 'must be paper-status, job-number or none')
      .default('paper-status')
      .describe(
        'How the printer tells that a receipt is out: job-number is the safest (Epson), paper-status suits most, none where it never answers.',
      ),
    drawer: z
      .strictObject({
        pin: z.literal([2, 5], 'must be 2 or 5').default(2).describe('Pin of the drawer connector that opens it.'),
        openLevel: z
          .enum(['high', 'low'], 'must be high or low')
          .nullable()
          .default(null)
          .describe("Level of the drawer's switch when it is open; null where it has none."),
      })
      .nullable()
      .default(null)
      .describe('The cash drawer on the printer; null without one.'),
  })
  .readonly();

export type PrinterSettings = z.infer<typeof printerSettingsSchema>;
