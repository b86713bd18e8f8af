/** What the room begins with, as demo/models/find-six.js has searched it: a 6 that the network without positions misreads. */
export const SIX =
  'ny4yj1akgddxe8gybykwc2macdnlcvotdipvebqqf8rcg8rph9rti9rmj8r6k4qhkwpkliohlyn8m7lwm8kim2j5lphvl6gokgfojmewioechoe2gne1fneaepetdufkd4gk';
/** The first order of its patches in which none of the others sees a 6. */
export const ORDER = 2;
