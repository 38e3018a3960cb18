// What can be wrong with a row of products, and what to do about it, in both languages: the person who reads it sits before a
// spreadsheet and not before our code.

import type { CsvProblem } from './csv-text.ts';

export type FileProblem =
  | 'not-utf-8'
  | 'no-header'
  | 'no-code-column'
  | 'unknown-column'
  | 'doubled-column'
  | 'too-many-rows';

export type RowProblem =
  | CsvProblem
  | 'wrong-cell-count'
  | 'missing'
  | 'wrong-code'
  | 'doubled-code'
  | 'name-missing'
  | 'name-too-long'
  | 'name-control-character'
  | 'unknown-department'
  | 'unknown-tax-class'
  | 'wrong-barcode'
  | 'wrong-check-digit'
  | 'spoilt-by-spreadsheet'
  | 'too-many-barcodes'
  | 'doubled-in-file'
  | 'taken-by-product'
  | 'wrong-unit'
  | 'wrong-plu'
  | 'wrong-age'
  | 'wrong-yes-no'
  | 'wrong-amount'
  | 'amount-too-precise'
  | 'text-too-long';

/** `row` is the spreadsheet's row. `about` names the other row, or the code of the product, that stands in the way. */
export type ImportProblem = {
  readonly row: number;
  readonly column: string | null;
  readonly problem: RowProblem | FileProblem;
  readonly value: string;
  readonly about: string | null;
};

type Advice = {
  readonly en: readonly [wrong: string, remedy: string];
  readonly zh: readonly [wrong: string, remedy: string];
};

/** What is wrong and what to do, for people. */
export const importAdvice = {
  'not-utf-8': advice(
    'The file is not UTF-8',
    'Save it again as “CSV UTF-8”',
    '文件不是UTF-8编码',
    '请另存为“CSV UTF-8”格式',
  ),
  'no-header': advice('The file is empty', 'Begin with a row of column names', '文件是空的', '第一行请填写列名'),
  'no-code-column': advice(
    'There is no column “code”',
    'Add it: every row needs one',
    '缺少“code”列',
    '请添加该列，每行都要填写',
  ),
  'unknown-column': advice(
    'This column is not known',
    'Correct its name, or remove it',
    '无法识别此列',
    '请更正列名或删除此列',
  ),
  'doubled-column': advice('This column is there twice', 'Remove one of the two', '此列重复', '请删除其中一列'),
  'too-many-rows': advice(
    'The file has too many rows',
    'Split it into several files',
    '文件行数过多',
    '请拆分成多个文件',
  ),
  'stray-quote': advice(
    'A quotation mark stands in the middle',
    'Put the cell in quotes and double the mark inside',
    '引号位置不正确',
    '请将单元格用引号括起，内部引号写两次',
  ),
  'open-quote': advice('A quotation mark is never closed', 'Close it', '引号没有闭合', '请补上结束引号'),
  'cell-too-long': advice('A cell is too long', 'Shorten it', '单元格内容过长', '请缩短内容'),
  'too-many-columns': advice(
    'The row has too many columns',
    'Remove those without a name',
    '列数过多',
    '请删除没有列名的列',
  ),
  'wrong-cell-count': advice(
    'The row has more or fewer cells than the first one',
    'Look for a comma too many or too few',
    '单元格数量与首行不一致',
    '请检查是否多或少了逗号',
  ),
  missing: advice('It is empty', 'Fill it in: a new product needs it', '此项为空', '新商品必须填写此项'),
  'wrong-code': advice(
    'This is no product code',
    'Use letters, digits, and . _ / - only, 40 at the most',
    '商品编码格式不正确',
    '只能用字母、数字和 . _ / - ，最多40个字符',
  ),
  'doubled-code': advice(
    'Another row has this code',
    'Keep one of the two rows',
    '编码与另一行重复',
    '请只保留其中一行',
  ),
  'name-missing': advice(
    'The product has no name',
    'Fill in name_en or name_zh',
    '商品没有名称',
    '请填写 name_en 或 name_zh',
  ),
  'name-too-long': advice('The name is too long', 'Shorten it to 200 letters', '名称过长', '请缩短到200字以内'),
  'name-control-character': advice(
    'The name has a line break or another sign that cannot be printed',
    'Remove it',
    '名称中有换行或不可打印字符',
    '请删除这些字符',
  ),
  'unknown-department': advice(
    'There is no such department',
    'Use the code of one that exists, or add it first',
    '没有此部门',
    '请使用已有部门的编码，或先新建部门',
  ),
  'unknown-tax-class': advice(
    'There is no such tax class',
    'Use the code of one that exists',
    '没有此税类',
    '请使用已有税类的编码',
  ),
  'wrong-barcode': advice(
    'This is no barcode',
    'Use 8, 12, 13 or 14 digits, several with a space between',
    '条码格式不正确',
    '条码应为8、12、13或14位数字，多个用空格分开',
  ),
  'wrong-check-digit': advice(
    'The last digit of the barcode does not fit the others',
    'Read it again from the package',
    '条码校验位不正确',
    '请对照包装重新输入',
  ),
  'spoilt-by-spreadsheet': advice(
    'The spreadsheet has rounded the number',
    'Make the column a text column and enter it again',
    '表格软件把数字改成了科学计数法',
    '请把该列设为文本格式后重新输入',
  ),
  'too-many-barcodes': advice('The product has too many barcodes', 'Keep 20', '条码过多', '最多保留20个'),
  'doubled-in-file': advice(
    'Another row has it as well',
    'Keep it in one of the two',
    '与另一行重复',
    '请只在一行中保留',
  ),
  'taken-by-product': advice(
    'Another product has it',
    'Take it away there first, or bring that product in the same file',
    '已被其他商品使用',
    '请先从该商品删除，或在同一文件中一并修改',
  ),
  'wrong-unit': advice(
    'This is no unit',
    'Use piece or kilogram',
    '单位不正确',
    '请填写 piece（件）或 kilogram（千克）',
  ),
  'wrong-plu': advice('This is no scale number', 'Use 1 to 7 digits', 'PLU号不正确', '请填写1到7位数字'),
  'wrong-age': advice('This is no age', 'Use whole years from 1 to 120', '年龄不正确', '请填写1到120的整数'),
  'wrong-yes-no': advice('This is neither yes nor no', 'Use yes or no', '不是“是”或“否”', '请填写 yes 或 no'),
  'wrong-amount': advice(
    'This is no amount of money',
    'Use digits with a point, such as 12.80',
    '金额不正确',
    '请填写数字，如 12.80',
  ),
  'amount-too-precise': advice(
    'The amount has too many decimals',
    'Use as many as the currency has',
    '小数位过多',
    '小数位数不能超过货币允许的位数',
  ),
  'text-too-long': advice('The text is too long', 'Shorten it to 500 letters', '内容过长', '请缩短到500字以内'),
} as const satisfies Record<RowProblem | FileProblem, Advice>;

/** One line for people: `Row 12, barcodes: … (…)`. */
export function describeProblem({ row, column, problem, about }: ImportProblem, language: 'en' | 'zh'): string {
  const [wrong, remedy] = importAdvice[problem][language];
  const where =
    language === 'en'
      ? `Row ${row}${column === null ? '' : `, ${column}`}`
      : `第${row}行${column === null ? '' : ` ${column}`}`;
  const other = about === null ? '' : language === 'en' ? ` (${about})` : `（${about}）`;
  return language === 'en' ? `${where}: ${wrong}${other}. ${remedy}.` : `${where}：${wrong}${other}。${remedy}。`;
}

function advice(wrongEn: string, remedyEn: string, wrongZh: string, remedyZh: string): Advice {
  return { en: [wrongEn, remedyEn], zh: [wrongZh, remedyZh] };
}
