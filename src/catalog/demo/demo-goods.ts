// What the demo store sells, before it has a brand: made up by us, with prices as they are in the shops. A line is one kind of goods:
//
//   department | VAT | English | Chinese | size=尺寸:price, …          price in yuan a piece
//   department | VAT | English | Chinese | kg:price                     weighed, price in yuan a kilogram

const lines = `
fruit|9|Red apples|红富士苹果|kg:12.80
fruit|9|Green apples|青苹果|kg:15.60
fruit|9|Bananas|香蕉|kg:7.96
fruit|9|Navel oranges|脐橙|kg:11.80
fruit|9|Mandarins|砂糖橘|kg:13.60
fruit|9|Pomelo|蜜柚|kg:7.60
fruit|9|Lemons|柠檬|kg:15.80
fruit|9|Seedless grapes|无籽葡萄|kg:25.60
fruit|9|Strawberries|草莓|kg:49.80
fruit|9|Blueberries|蓝莓|125 g=125克:15.90
fruit|9|Watermelon|西瓜|kg:4.98
fruit|9|Hami melon|哈密瓜|kg:9.80
fruit|9|Yellow peaches|黄桃|kg:13.80
fruit|9|Crown pears|皇冠梨|kg:8.60
fruit|9|Kiwi fruit|猕猴桃|kg:19.80
fruit|9|Mangoes|芒果|kg:17.60
fruit|9|Pineapple|菠萝|kg:8.80
fruit|9|Dragon fruit|火龙果|kg:13.80
fruit|9|Lychees|荔枝|kg:29.60
fruit|9|Cherries|车厘子|kg:79.60
vegetables|9|Chinese cabbage|大白菜|kg:2.96
vegetables|9|Bok choy|上海青|kg:5.96
vegetables|9|Spinach|菠菜|kg:9.80
vegetables|9|Lettuce|生菜|kg:9.60
vegetables|9|Garland chrysanthemum|茼蒿|kg:11.80
vegetables|9|Broccoli|西兰花|kg:11.60
vegetables|9|Cauliflower|花菜|kg:8.60
vegetables|9|Tomatoes|番茄|kg:9.96
vegetables|9|Cucumbers|黄瓜|kg:7.80
vegetables|9|Aubergines|茄子|kg:8.80
vegetables|9|Green peppers|青椒|kg:9.60
vegetables|9|Chillies|小米辣|kg:19.80
vegetables|9|Potatoes|土豆|kg:4.76
vegetables|9|Sweet potatoes|红薯|kg:6.60
vegetables|9|Carrots|胡萝卜|kg:4.96
vegetables|9|White radish|白萝卜|kg:3.60
vegetables|9|Lotus root|莲藕|kg:11.80
vegetables|9|Yam|山药|kg:13.80
vegetables|9|Onions|洋葱|kg:5.60
vegetables|9|Spring onions|小葱|kg:13.60
vegetables|9|Ginger|生姜|kg:17.60
vegetables|9|Garlic|大蒜|kg:15.80
vegetables|9|Shiitake mushrooms|鲜香菇|kg:19.60
vegetables|9|Enoki mushrooms|金针菇|150 g=150克:2.50
vegetables|9|Bean sprouts|绿豆芽|kg:5.60
meat|9|Pork belly|五花肉|kg:39.60
meat|9|Pork ribs|猪排骨|kg:59.80
meat|9|Pork mince|猪肉馅|kg:33.60
meat|9|Beef brisket|牛腩|kg:79.80
meat|9|Beef shank|牛腱子|kg:92.00
meat|9|Lamb slices|羊肉片|500 g=500克:45.90
meat|9|Whole chicken|三黄鸡|kg:29.80
meat|9|Chicken wings|鸡翅中|kg:47.60
meat|9|Chicken breast|鸡胸肉|kg:25.60
meat|9|Duck legs|鸭腿|kg:23.80
seafood|9|Sea bass|鲈鱼|kg:43.60
seafood|9|Crucian carp|鲫鱼|kg:27.80
seafood|9|Hairtail|带鱼段|kg:45.80
seafood|9|Live prawns|鲜活基围虾|kg:99.60
seafood|9|Clams|花蛤|kg:15.80
seafood|9|Squid|鱿鱼|kg:49.60
eggs|9|Fresh eggs|鲜鸡蛋|10 pcs=10枚:12.90,30 pcs=30枚:33.80
eggs|9|Quail eggs|鹌鹑蛋|30 pcs=30枚:14.80
eggs|13|Salted duck eggs|咸鸭蛋|6 pcs=6枚:13.90
eggs|13|Century eggs|松花皮蛋|6 pcs=6枚:14.80
eggs|13|Soft tofu|嫩豆腐|350 g=350克:3.20
eggs|13|Dried tofu|五香豆干|200 g=200克:6.50
milk|13|Pure milk|纯牛奶|250 ml=250毫升:2.80,1 l=1升:11.90,12 x 250 ml=12盒装:42.80
milk|9|Fresh milk|鲜牛奶|450 ml=450毫升:8.90,950 ml=950毫升:16.90
milk|13|High-calcium low-fat milk|高钙低脂牛奶|250 ml=250毫升:3.20,12 x 250 ml=12盒装:46.80
milk|13|Plain yoghurt|原味酸奶|180 g=180克:6.50,1 kg=1公斤:19.90
milk|13|Strawberry yoghurt|草莓酸奶|180 g=180克:6.90
milk|13|Drinking yoghurt|乳酸菌饮品|100 ml x 5=5瓶装:9.90
milk|13|Soy milk|豆奶|250 ml=250毫升:2.90,1 l=1升:9.80
milk|13|Oat milk|燕麦奶|1 l=1升:18.90
milk|13|Cheese slices|奶酪片|166 g=166克:17.90
milk|13|Butter|黄油|200 g=200克:22.80
bakery|13|Toast bread|切片吐司|400 g=400克:9.90
bakery|13|Red bean buns|红豆面包|80 g=80克:4.50
bakery|13|Egg tarts|蛋挞|4 pcs=4只:15.80
bakery|13|Swiss roll|瑞士卷|200 g=200克:13.90
bakery|13|Moon cakes|五仁月饼|100 g=100克:8.80,gift box=礼盒装:128.00
bakery|13|Steamed buns|馒头|6 pcs=6个:6.80
frozen|13|Pork and leek dumplings|猪肉韭菜水饺|500 g=500克:18.90,1 kg=1公斤:33.80
frozen|13|Prawn wontons|鲜虾馄饨|300 g=300克:19.90
frozen|13|Black sesame rice balls|黑芝麻汤圆|400 g=400克:12.80
frozen|13|Scallion pancakes|葱油饼|10 pcs=10片:13.80
frozen|13|Vanilla ice cream|香草冰淇淋|75 g=75克:6.00,1 l=1升:38.80
frozen|13|Red bean ice lolly|红豆棒冰|70 g=70克:2.50
rice|9|Northeast rice|东北大米|5 kg=5公斤:39.90,10 kg=10公斤:75.80
rice|9|Jasmine rice|茉莉香米|5 kg=5公斤:52.90
rice|9|Millet|黄小米|1 kg=1公斤:14.90
rice|9|Wheat flour|小麦粉|1 kg=1公斤:6.90,5 kg=5公斤:29.80
rice|9|Dried noodles|挂面|500 g=500克:5.90,1 kg=1公斤:10.80
rice|13|Rice vermicelli|米粉|400 g=400克:8.90
rice|13|Rolled oats|即食燕麦片|1 kg=1公斤:21.90
rice|9|Red beans|红豆|500 g=500克:9.80
rice|9|Green beans|绿豆|500 g=500克:8.80
sauces|9|Peanut oil|花生油|1.8 l=1.8升:46.90,5 l=5升:129.90
sauces|9|Rapeseed oil|菜籽油|5 l=5升:79.90
sauces|9|Soybean oil|大豆油|5 l=5升:62.90
sauces|9|Sesame oil|芝麻香油|220 ml=220毫升:16.80
sauces|9|Table salt|加碘食盐|400 g=400克:2.50
sauces|13|Rock sugar|冰糖|400 g=400克:6.80
sauces|13|White sugar|白砂糖|1 kg=1公斤:9.60
sauces|13|Light soy sauce|生抽|500 ml=500毫升:9.90,1.9 l=1.9升:24.90
sauces|13|Dark soy sauce|老抽|500 ml=500毫升:10.90
sauces|13|Mature vinegar|陈醋|500 ml=500毫升:7.90
sauces|13|Rice vinegar|米醋|500 ml=500毫升:6.50
sauces|13|Oyster sauce|蚝油|510 g=510克:9.80
sauces|13|Cooking wine|料酒|500 ml=500毫升:7.80
sauces|13|Chilli bean paste|豆瓣酱|500 g=500克:11.80
sauces|13|Chilli crisp|油辣椒|210 g=210克:10.90
sauces|13|Hot pot base|重庆火锅底料|300 g=300克:15.90
sauces|13|Sichuan pepper|花椒|50 g=50克:9.90
sauces|13|Star anise|八角|50 g=50克:8.90
sauces|13|Curry blocks|咖喱块|100 g=100克:12.90
instant|13|Braised beef noodles|红烧牛肉面|105 g=105克:3.00,5-pack=五连包:13.90,bowl=桶装:4.90
instant|13|Pickled cabbage beef noodles|老坛酸菜牛肉面|5-pack=五连包:13.90,bowl=桶装:4.90
instant|13|River snail rice noodles|螺蛳粉|300 g=300克:13.80
instant|13|Self-heating hot pot|自热火锅|400 g=400克:24.90
instant|13|Canned mackerel|茄汁鲭鱼罐头|227 g=227克:11.90
instant|13|Luncheon meat|午餐肉罐头|340 g=340克:16.80
instant|13|Canned peaches|黄桃罐头|425 g=425克:9.90
instant|13|Pickled mustard tuber|榨菜|80 g=80克:2.50
instant|13|Eight-treasure congee|八宝粥|360 g=360克:4.50
sweets|13|Milk toffees|奶糖|227 g=227克:12.90
sweets|13|Mint sweets|薄荷糖|40 g=40克:6.90
sweets|13|Fruit jellies|果冻|500 g=500克:11.80
sweets|13|Milk chocolate|牛奶巧克力|80 g=80克:12.50
sweets|13|Dark chocolate|黑巧克力|80 g=80克:15.90
sweets|13|Butter cookies|黄油曲奇|150 g=150克:9.90
sweets|13|Soda crackers|苏打饼干|400 g=400克:12.80
sweets|13|Cream wafers|奶油威化|160 g=160克:8.50
sweets|13|Haw flakes|山楂片|150 g=150克:6.80
sweets|13|Chewing gum|口香糖|56 g=56克:9.90
nuts|13|Potato crisps|原味薯片|70 g=70克:6.50,135 g=135克:11.90
nuts|13|Cucumber potato crisps|黄瓜味薯片|70 g=70克:6.50
nuts|13|Prawn crackers|虾片|80 g=80克:5.90
nuts|13|Sunflower seeds|五香瓜子|260 g=260克:10.90
nuts|13|Roasted peanuts|麻辣花生|200 g=200克:9.80
nuts|13|Salted pistachios|盐焗开心果|200 g=200克:32.90
nuts|13|Mixed nuts|每日坚果|750 g=750克:99.00
nuts|13|Seaweed snack|即食海苔|30 g=30克:9.90
nuts|13|Spicy strips|辣条|106 g=106克:5.00
nuts|13|Beef jerky|手撕牛肉干|100 g=100克:29.90
drinks|13|Drinking water|饮用天然水|550 ml=550毫升:2.00,1.5 l=1.5升:4.00,5 l=5升:11.90
drinks|13|Sparkling water|白桃苏打气泡水|480 ml=480毫升:5.50
drinks|13|Cola|可乐|330 ml=330毫升:2.80,500 ml=500毫升:3.50,2 l=2升:8.50
drinks|13|Sugar-free cola|无糖可乐|330 ml=330毫升:2.80,500 ml=500毫升:3.50
drinks|13|Lemon soda|柠檬汽水|330 ml=330毫升:2.80
drinks|13|Orange juice|橙汁|450 ml=450毫升:5.90,1 l=1升:12.90
drinks|13|Coconut milk drink|椰汁|245 ml=245毫升:4.50
drinks|13|Sour plum drink|酸梅汤|500 ml=500毫升:4.90
drinks|13|Herbal tea|凉茶|310 ml=310毫升:4.50
drinks|13|Iced black tea|冰红茶|500 ml=500毫升:3.50
drinks|13|Unsweetened oolong tea|无糖乌龙茶|500 ml=500毫升:5.00
drinks|13|Sports drink|电解质运动饮料|500 ml=500毫升:5.50
drinks|13|Energy drink|维生素功能饮料|250 ml=250毫升:6.00
drinks|13|Milk tea|阿萨姆奶茶|500 ml=500毫升:5.00
tea|9|Green tea|绿茶|100 g=100克:58.00,250 g=250克:128.00
tea|9|Jasmine tea|茉莉花茶|100 g=100克:36.00
tea|9|Iron Goddess oolong|铁观音|125 g=125克:68.00
tea|9|Pu'er tea cake|普洱茶饼|357 g=357克:168.00
tea|13|Chrysanthemum tea|菊花茶|60 g=60克:26.80
tea|13|Instant coffee|速溶咖啡|100 g=100克:39.90
tea|13|3-in-1 coffee|三合一咖啡|15 g x 20=20条:29.90
tea|13|Ground coffee|现磨咖啡粉|250 g=250克:59.00
tea|13|Honey|洋槐蜂蜜|500 g=500克:39.90
alcohol|13|Lager|拉格啤酒|330 ml=330毫升:4.50,500 ml=500毫升:5.90,6 x 500 ml=6罐装:33.00
alcohol|13|Wheat beer|精酿白啤|500 ml=500毫升:9.90
alcohol|13|Dry red wine|干红葡萄酒|750 ml=750毫升:69.00
alcohol|13|Yellow wine|花雕黄酒|500 ml=500毫升:22.80
alcohol|13|Sorghum spirit|高粱白酒|500 ml=500毫升:58.00,100 ml=100毫升:12.80
alcohol|13|Plum wine|青梅酒|330 ml=330毫升:29.90
care|13|Toothpaste|薄荷牙膏|120 g=120克:12.90,200 g=200克:19.90
care|13|Toothbrush|软毛牙刷|2 pcs=2支:15.90
care|13|Mouthwash|漱口水|500 ml=500毫升:26.90
care|13|Shampoo|洗发水|400 ml=400毫升:32.90,750 ml=750毫升:52.90
care|13|Shower gel|沐浴露|500 ml=500毫升:25.90,1 l=1升:39.90
care|13|Hand soap|洗手液|500 ml=500毫升:14.90
care|13|Soap bar|香皂|115 g=115克:5.50
care|13|Face cream|保湿面霜|50 g=50克:49.00
care|13|Sun lotion|防晒乳|50 ml=50毫升:59.00
care|13|Razor blades|剃须刀片|4 pcs=4片:39.90
paper|13|Tissue packs|抽纸|3 packs=3包:9.90,24 packs=24包:59.90
paper|13|Toilet rolls|卷纸|10 rolls=10卷:24.90
paper|13|Handkerchief tissues|手帕纸|18 packs=18包:13.90
paper|13|Wet wipes|湿巾|80 pcs=80片:12.90
paper|13|Kitchen roll|厨房纸|2 rolls=2卷:13.80
paper|13|Sanitary pads|日用卫生巾|10 pcs=10片:11.90
paper|13|Baby nappies L|婴儿纸尿裤L码|40 pcs=40片:79.00
paper|13|Infant formula stage 2|婴儿配方奶粉2段|900 g=900克:238.00
cleaning|13|Laundry liquid|洗衣液|2 kg=2公斤:29.90,3 kg=3公斤:42.90
cleaning|13|Washing powder|洗衣粉|1.8 kg=1.8公斤:18.90
cleaning|13|Fabric softener|衣物柔顺剂|1 l=1升:25.90
cleaning|13|Washing-up liquid|洗洁精|1 kg=1公斤:9.90
cleaning|13|Toilet cleaner|洁厕灵|500 g=500克:8.90
cleaning|13|Bleach|84消毒液|500 ml=500毫升:5.90
cleaning|13|Bin bags|垃圾袋|100 pcs=100只:12.90
cleaning|13|Scouring pads|百洁布|5 pcs=5片:7.90
cleaning|13|Mosquito coils|蚊香|10 pcs=10盘:6.90
kitchen|13|Cling film|保鲜膜|30 m=30米:9.90
kitchen|13|Bamboo chopsticks|竹筷|10 pairs=10双:15.90
kitchen|13|Rice bowl|陶瓷饭碗|4.5 in=4.5寸:9.90
kitchen|13|Vacuum flask|保温杯|500 ml=500毫升:69.00
kitchen|13|Batteries AA|5号电池|4 pcs=4节:13.90
kitchen|13|LED bulb|LED灯泡|9 W=9瓦:12.90
kitchen|13|Umbrella|折叠雨伞|one=一把:39.90
kitchen|13|Carrier bag|环保购物袋|small=小号:0.30,large=大号:0.50
tobacco|13|Cigarettes, hard pack|硬盒香烟|20 pcs=20支:18.00
tobacco|13|Cigarettes, soft pack|软包香烟|20 pcs=20支:26.00
tobacco|13|Lighter|打火机|one=一只:2.00
services|6|Home delivery|送货上门|once=一次:6.00
services|6|Gift wrapping|礼品包装|once=一次:10.00
`;

/** One kind of goods in one size, without a brand. */
export type DemoGoods = {
  readonly department: string;
  readonly taxClass: string;
  readonly en: string;
  readonly zh: string;
  /** Empty for what is weighed. */
  readonly size: { readonly en: string; readonly zh: string };
  readonly isWeighed: boolean;
  /** In fen, with tax. */
  readonly priceMinor: bigint;
};

export function demoGoods(): readonly DemoGoods[] {
  return lines.trim().split('\n').flatMap(readLine);
}

function readLine(line: string): readonly DemoGoods[] {
  const [department = '', rate = '', en = '', zh = '', sizes = ''] = line.split('|');
  return sizes.split(',').map((size) => {
    const [name = '', price = ''] = size.split(':');
    const [sizeEn = '', sizeZh = ''] = name === 'kg' ? [] : name.split('=');
    return {
      department,
      taxClass: `vat-${rate}`,
      en,
      zh,
      size: { en: sizeEn, zh: sizeZh },
      isWeighed: name === 'kg',
      priceMinor: BigInt(price.replace('.', '')),
    };
  });
}
