/** The sentences and questions that the room starts with; their vectors are made when the page is built. */

/** The best answer to a question shares none of its telling words. @type {readonly string[]} */
export const QUESTIONS = [
  'a sleepy pet in the sun',
  'how do I get downtown',
  'something sweet to eat',
  'the price of living',
  'far away worlds',
  'live music tonight',
];

/** Topics in the page's colours (style.css). @type {readonly { name: string, colour: string, sentences: readonly string[] }[]} */
export const TOPICS = [
  {
    name: 'animals',
    colour: 'whom',
    sentences: [
      'A cat is asleep on the warm windowsill',
      'My puppy buried a bone under the tree',
      'A fox slipped through the fence at night',
      'The kitten curled up in the garden',
      'Two dogs race along the beach',
      'Birds gather on the wire before the storm',
    ],
  },
  {
    name: 'travel',
    colour: 'ink',
    sentences: [
      'Take the tram to the city centre',
      'The night train stops at every station',
      'Our flight to the coast was delayed',
      'We missed the bus by a minute',
      'The ferry stops at the harbour twice a day',
      'Turn left at the station and walk on',
    ],
  },
  {
    name: 'kitchen',
    colour: 'none',
    sentences: [
      'She baked a cake with plums and honey',
      'He grilled fish with herbs and garlic',
      'Stir the soup until it thickens',
      'The bread came out of the oven golden',
      'Fresh pasta needs only two minutes',
      'Peel the onions and chop them finely',
    ],
  },
  {
    name: 'money',
    colour: 'when',
    sentences: [
      'Food and rent cost more every year',
      'The bank raised its interest rates',
      'She saves a tenth of her wages',
      'Shares fell sharply on Monday',
      'The bill for heating arrived today',
      'He paid the loan back early',
    ],
  },
  {
    name: 'sky',
    colour: 'who',
    sentences: [
      'Light from that star is older than we are',
      'The moon was full above the lake',
      'The comet will pass close to Earth',
      'Astronomers found a planet with two suns',
      'The telescope sees galaxies being born',
      'Saturn shows its rings this month',
    ],
  },
  {
    name: 'music',
    colour: 'where',
    sentences: [
      'The band goes on at nine this evening',
      'She plays the cello in an orchestra',
      'The choir sang without a piano',
      'He hums a tune while he works',
      'The drummer lost the beat',
      'Her first album was recorded at home',
    ],
  },
];

/** All of them, in the order of their topics. */
export const SENTENCES = TOPICS.flatMap(({ sentences }) => sentences);
/** The topic of each. */
export const TOPIC_OF = TOPICS.flatMap(({ sentences }, topic) => sentences.map(() => topic));
