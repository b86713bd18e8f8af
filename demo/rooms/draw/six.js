/** The drawing that the room begins with: demo/models/find-six.js has searched it, for a 6 that the network without positions misreads. */
export const SIX =
  'ny4yj1akgddxe8gybykwc2macdnlcvotdipvebqqf8rcg8rph9rti9rmj8r6k4qhkwpkliohlyn8m7lwm8kim2j5lphvl6gokgfojmewioechoe2gne1fneaepetdufkd4gk';
