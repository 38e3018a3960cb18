// The doors of the house: who may import whom. Each rule carries its reason and its remedy, because the person who meets it was
// doing something else. Dependencies that this file cannot see (clocks, randomness,
// network) are held by .oxlintrc.json.

const rooms =
  'payment|ledger|catalog|promotion|membership|checkout|online|marketing|insight|reconciliation|channels|acquiring|iso8583|' +
  'sandbox|journal|server|screens';
const tests = '(\\.test\\.tsx?|\\.contract\\.ts|\\.typetest\\.ts|/testing/.+)$';
const domain =
  '^src/(foundation|payment|ledger|catalog|promotion|membership|checkout|online|marketing|reconciliation|iso8583)/';

/** One room may import these rooms and no others; the comment says why. */
function roomSees(room, seen, why) {
  const own = room.includes('|') ? `(${room})` : room;
  return {
    name: `${room.replaceAll('|', '-')}-sees-only-its-own`,
    severity: 'error',
    comment: `${why} Remedy: declare a port in your own room and let server wire it.`,
    from: { path: `^src/${own}/`, pathNot: tests },
    to: { path: '^src/', pathNot: `^src/(${[room, 'foundation', ...seen].join('|')})/` },
  };
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'foundation-imports-nothing',
      severity: 'error',
      comment:
        'Foundation is under everything, in the browser too. Remedy: move the code to the room whose word it is.',
      from: { path: '^src/foundation/', pathNot: tests },
      to: { pathNot: '^src/foundation/' },
    },
    roomSees('ledger', [], 'The ledger knows accounts and postings, not what they are for.'),
    roomSees('payment', [], 'Payment is the heart: it must be readable and testable without what is sold.'),
    roomSees('catalog', [], 'Catalog, promotion, membership and payment never meet: checkout joins them.'),
    roomSees(
      'promotion',
      [],
      'Promotion takes plain lines in and gives adjustments out; it runs unchanged in the browser.',
    ),
    roomSees('membership', ['ledger'], 'Membership may post points to the ledger; all else is joined by checkout.'),
    roomSees(
      'checkout',
      ['payment', 'ledger', 'catalog', 'promotion', 'membership'],
      'Checkout joins the rooms of the sale, and knows neither roads, storage nor servers.',
    ),
    roomSees('online', ['checkout', 'catalog', 'promotion', 'membership'], 'Online sells through checkout.'),
    roomSees(
      'marketing',
      ['membership', 'promotion', 'insight'],
      'Marketing chooses whom to offer what; it sells nothing.',
    ),
    roomSees('insight', [], 'Insight reads facts from the outbox; payments never wait for it.'),
    roomSees(
      'reconciliation',
      ['payment', 'ledger', 'checkout'],
      'Reconciliation compares records; it moves no money.',
    ),
    roomSees('channels', ['payment', 'iso8583'], 'A road knows the port that payment declares, and its own wire.'),
    roomSees('acquiring', ['payment', 'iso8583', 'channels'], 'The other side of roads 2 and 3 takes the same roads.'),
    roomSees('iso8583', [], 'The codec stands alone, so that it can become a package.'),
    roomSees(
      'sandbox',
      [],
      'The sandbox is a second witness: code shared with what it tests would hide a shared mistake.',
    ),
    roomSees(
      'journal',
      ['payment', 'ledger', 'catalog', 'promotion', 'membership', 'checkout', 'online', 'marketing', 'reconciliation'],
      'The journal implements the ports of the rooms and uses nothing else.',
    ),
    {
      name: 'screens-see-only-the-contract',
      severity: 'error',
      comment:
        'A page is another program on another machine: it sees the words of the API, foundation, and the pure parts of ' +
        'catalog, checkout and promotion. Remedy: move the word to server/contract.',
      from: { path: '^src/screens/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(screens|foundation|catalog|checkout|promotion|server/contract)/' },
    },
    {
      name: 'a-screen-does-not-see-another',
      severity: 'error',
      comment: 'Each screen is loaded alone. Remedy: what two screens share belongs to screens/style.',
      from: { path: '^src/screens/([^/]+)/', pathNot: tests },
      // The words of a screen are data, by which style types the translations of all.
      to: { path: '^src/screens/[^/]+/', pathNot: ['^src/screens/($1|style)/', '^src/screens/[^/]+/words/'] },
    },
    {
      name: 'contract-stands-alone',
      severity: 'error',
      comment: 'What screens import must not draw the server in after it. Remedy: keep it to words and schemas.',
      from: { path: '^src/server/contract/', pathNot: tests },
      to: { path: '^src/', pathNot: '^src/(server/contract|foundation)/' },
    },
    {
      name: 'contract-has-schemas-only',
      severity: 'error',
      comment: 'The contract is bundled into every page. Remedy: only zod.',
      from: { path: '^src/server/contract/', pathNot: tests },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'], pathNot: '(^|/)node_modules/zod/' },
    },
    {
      name: 'nothing-imports-server',
      severity: 'error',
      comment:
        'The server wires the rooms; a room that knew it could not be used without it. Remedy: take it as a parameter.',
      from: { path: `^src/(foundation|${rooms})/`, pathNot: ['^src/server/', tests] },
      to: { path: '^src/server/', pathNot: '^src/server/contract/' },
    },
    {
      name: 'by-the-door',
      severity: 'error',
      comment:
        'A room is entered by its index.ts: what is inside may change. Remedy: export it there, by name; or ask the room for ' +
        'something better.',
      from: { path: `^src/(${rooms})/`, pathNot: tests },
      to: {
        path: `^src/(?:${rooms})/`,
        pathNot: ['^src/$1/', '^src/(?:[^/]+)/index\\.ts$', '^src/channels/[^/]+/index\\.ts$', '^src/server/contract/'],
      },
    },
    {
      name: 'by-the-door-from-outside',
      severity: 'error',
      comment: 'Simulation, benchmarks and tools enter a room by its index.ts too. Remedy: export it there, by name.',
      from: { path: '^(simulation|bench)/', pathNot: tests },
      to: {
        path: `^src/(?:${rooms})/`,
        pathNot: ['^src/(?:[^/]+)/index\\.ts$', '^src/channels/[^/]+/index\\.ts$', '^src/server/', '\\.contract\\.ts$'],
      },
    },
    {
      name: 'tests-by-the-door',
      severity: 'error',
      comment:
        'A test looks at its own room; of others it sees the door, a contract suite, and the fixtures of testing/. Remedy: ' +
        'test it in its own room.',
      from: { path: `^src/(${rooms})/.+(?:\\.test\\.tsx?|\\.contract\\.ts|\\.typetest\\.ts|/testing/.+)$` },
      to: {
        path: `^src/(?:${rooms})/`,
        pathNot: [
          '^src/$1/',
          '^src/(?:[^/]+)/index\\.ts$',
          '^src/channels/[^/]+/index\\.ts$',
          '^src/server/contract/',
          '\\.contract\\.ts$',
          '/testing/',
        ],
      },
    },
    {
      name: 'domain-without-node',
      severity: 'error',
      comment:
        'The domain runs in simulation and in the browser: time, disk and network are given to it. Remedy: declare a port and ' +
        'take it as a parameter.',
      from: { path: domain, pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-without-packages',
      severity: 'error',
      comment: 'The rules of the money stand on our own words only. Remedy: put the package behind a port.',
      from: { path: domain, pathNot: tests },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'insight-without-node',
      severity: 'error',
      comment: 'Only insight/warehouse knows ClickHouse and the machine. Remedy: go through the Warehouse port.',
      from: { path: '^src/insight/', pathNot: ['^src/insight/warehouse/', tests] },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    {
      name: 'screens-without-node',
      severity: 'error',
      comment: 'Screens run in a browser. Remedy: use what the platform has, or do it in the server.',
      from: { path: '^src/screens/', pathNot: ['vite\\.config\\.ts$', tests] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-the-outside',
      severity: 'error',
      comment:
        'Simulation, benchmarks and tests look at the house from outside. Remedy: move what is shared into a room.',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^(simulation|bench|tests|tools)/' },
    },
    {
      name: 'no-test-in-production',
      severity: 'error',
      comment:
        'A production file that needs a test file is a test. Remedy: move the shared part into a file of its own.',
      from: { path: '^src/', pathNot: tests },
      to: { path: `^src/.+${tests}` },
    },
    {
      name: 'no-development-package-in-production',
      severity: 'error',
      comment: 'It is not there in a production install. Remedy: make it a dependency, or do without.',
      from: { path: '^src/', pathNot: [tests, '^src/screens/'] },
      to: { dependencyTypes: ['npm-dev'], pathNot: '(^|/)node_modules/@types/' },
    },
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Files that need each other are one file, or lack a third. Remedy: move what both need into it.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The file or package is not there. Remedy: mend the path; import with its ending, .ts.',
      from: {},
      // Vite reads `?url` and its like itself.
      to: { couldNotResolve: true, pathNot: '\\?(url|raw|worker)$' },
    },
    {
      name: 'no-nameless-folder',
      severity: 'error',
      comment: 'A folder without a name of its own collects what has no place. Remedy: name it by the trade.',
      from: {},
      to: { path: '/(util|utils|common|helper|helpers|lib|misc)/', pathNot: 'node_modules' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    extraExtensionsToScan: ['.css', '.html', '.svg', '.wasm'],
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js'],
    },
  },
};
