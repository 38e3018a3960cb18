// The departments, tax classes and price lists of the demo store: a neighbourhood supermarket in a Chinese city. All of it is of our
// own making.

import { invariant } from '#foundation/result.ts';
import { type DepartmentId, type PriceListId, parseCode, type TaxClassId } from '../code.ts';
import type { Department } from '../department.ts';
import type { PriceList } from '../price.ts';
import type { TaxClass } from '../tax-class.ts';

// id | parent | English | Chinese. The order is the order on the screen.
const departmentLines = `
fresh||Fresh food|生鲜
fruit|fresh|Fruit|水果
vegetables|fresh|Vegetables|蔬菜
meat|fresh|Meat and poultry|肉禽
seafood|fresh|Fish and seafood|水产
eggs|fresh|Eggs and tofu|蛋品豆制品
dairy||Dairy and bakery|乳品烘焙
milk|dairy|Milk and yoghurt|牛奶酸奶
bakery|dairy|Bread and cakes|面包糕点
frozen|dairy|Frozen food and ice cream|冷冻食品冰品
pantry||Pantry|粮油副食
rice|pantry|Rice, flour and noodles|米面
sauces|pantry|Oil, sauces and spices|油盐调味
instant|pantry|Instant and canned food|方便食品罐头
snacks||Snacks and drinks|零食饮料
sweets|snacks|Sweets and biscuits|糖果饼干
nuts|snacks|Nuts and crisps|坚果膨化
drinks|snacks|Soft drinks and water|饮料饮用水
tea|snacks|Tea and coffee|茶叶咖啡
alcohol|snacks|Beer, wine and spirits|酒类
home||Home and care|日用百货
care|home|Personal care|个人护理
paper|home|Paper and baby|纸品母婴
cleaning|home|Cleaning|家庭清洁
kitchen|home|Kitchen and household|厨房家居
counter||Counter|收银台
tobacco|counter|Tobacco|烟草
services|counter|Services|服务
`;

export function demoDepartments(): readonly Department[] {
  const lines = departmentLines.trim().split('\n');
  return lines.map((line, index) => {
    const [id = '', parent = '', en = '', zh = ''] = line.split('|');
    const parentId = parent === '' ? null : departmentId(parent);
    return { id: departmentId(id), parentId, names: { en, zh }, sort: (index + 1) * 10 };
  });
}

/** China's rates of value-added tax as a supermarket meets them: general goods, farm produce, services. On the shelf all are with tax. */
export function demoTaxClasses(): readonly TaxClass[] {
  return [
    { id: taxClassId('vat-13'), names: { en: 'VAT 13 %', zh: '增值税13%' }, rateBps: 1_300, isIncluded: true },
    { id: taxClassId('vat-9'), names: { en: 'VAT 9 %', zh: '增值税9%' }, rateBps: 900, isIncluded: true },
    { id: taxClassId('vat-6'), names: { en: 'VAT 6 %', zh: '增值税6%' }, rateBps: 600, isIncluded: true },
  ];
}

export function demoPriceLists(): readonly PriceList[] {
  return [
    { id: priceListId('regular'), names: { en: 'Regular prices', zh: '正常售价' }, rank: 0 },
    { id: priceListId('weekly'), names: { en: "This week's offers", zh: '本周特价' }, rank: 10 },
  ];
}

export function departmentId(text: string): DepartmentId {
  const id = parseCode('department', text);
  invariant(id !== undefined, `${text} is no department of the demo store`);
  return id;
}

export function taxClassId(text: string): TaxClassId {
  const id = parseCode('tax-class', text);
  invariant(id !== undefined, `${text} is no tax class of the demo store`);
  return id;
}

export function priceListId(text: string): PriceListId {
  const id = parseCode('price-list', text);
  invariant(id !== undefined, `${text} is no price list of the demo store`);
  return id;
}
