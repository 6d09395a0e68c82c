// The text that scores are shown of where no other is given.
// For those who evaluate it and for pages where a reader can change it.

/** A question that one head answers by 'Alice', another by 'rabbit', and only both together by the right sentence. */
export const SENTENCE =
  'Alice saw a cat . Bob saw the rabbit . Alice saw the rabbit in the garden . where did Alice see the rabbit ?';
