/* client/say.h -- the one door through which sentences for people leave the program.
 *
 * Every sentence stands in the source in English, inside SAY("..."); that text is also its key
 * in a catalogue of translations. say() never returns NULL, and a format keeps its directives,
 * so the compiler still checks the arguments through it. */
#ifndef CLIENT_SAY_H
#define CLIENT_SAY_H

#define SAY(text)       say(text)
#define SAY_LATER(text) text /* marks a sentence in a table; say() it where it is used */

/* The sentence in the language of the interface; msgid itself where there is no translation.
 * Borrowed, lives as long as the program. */
__attribute__((format_arg(1))) const char *say(const char *msgid);

#endif
