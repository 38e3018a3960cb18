// A lint rule of our own: a date made from nothing is the machine's clock. A date made from a given instant is not, which no
// rule that only knows names can tell.

const remedy = "reads the machine's clock. Take a Clock as a parameter (#foundation/instant.ts).";

const noAmbientDate = {
  create(context) {
    const report = (node, what) => context.report({ node, message: `${what} ${remedy}` });
    return {
      NewExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) {
          report(node, 'new Date()');
        }
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date') report(node, 'Date()');
      },
    };
  },
};

export default { meta: { name: 'tillway' }, rules: { 'no-ambient-date': noAmbientDate } };
