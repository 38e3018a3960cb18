// What the pages say, as the style guide writes it; by hand and not from the pages' own files, so that a wrong word is seen.

export type Language = 'en' | 'zh-CN';

export const words = {
  en: {
    total: 'Total',
    payment: 'Payment',
    code: 'Payment code',
    enterAmount: 'Enter the amount',
    scan: 'Scan the customer’s code',
    ask: 'Ask the customer to confirm on the phone',
    paid: 'Paid',
    notPaid: 'Not paid',
    // The domestic wire says only that the trade was closed.
    refused: /^(The customer refused the payment|The payment was closed. Ask for a new code)/,
    tooLow: 'The customer’s balance is too low',
    noAmount: 'Enter the amount first, then scan the code again.',
    wechatPay: 'This is a WeChat Pay code. This till takes Alipay',
    unionPay: 'This is a UnionPay code. This till takes Alipay',
    product: 'This is the bar code of a product.',
    unreadable: 'This is no payment code that the till knows.',
    salesToday: 'Sales today',
    balance: 'Balance',
    confirm: 'Confirm and pay',
    refuse: 'Refuse',
    password: 'Password',
    newWallet: /New wallet with ¥/,
    history: 'History',
    told: 'Paid',
  },
  'zh-CN': {
    total: '应收',
    payment: '收款',
    code: '付款码',
    enterAmount: '请输入金额',
    scan: '请扫顾客付款码',
    ask: '请顾客在手机上确认',
    paid: '收款成功',
    notPaid: '未收款',
    refused: /^(顾客取消了付款|交易已关闭，请顾客刷新付款码)/,
    tooLow: '顾客余额不足',
    noAmount: '请先输入金额，再重新扫码。',
    wechatPay: '这是微信支付的付款码。',
    unionPay: '这是银联付款码。',
    product: '这是商品条码。',
    unreadable: '无法识别这个付款码',
    salesToday: '今日销售',
    balance: '余额',
    confirm: '确认付款',
    refuse: '拒绝',
    password: '支付密码',
    newWallet: /新建钱包，余额 ¥/,
    history: '账单',
    told: '已付款',
  },
} as const satisfies Record<Language, Record<string, string | RegExp>>;

export type Words = (typeof words)[Language];
