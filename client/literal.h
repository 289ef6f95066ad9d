/* client/literal.h -- text of people inside a Markdown document: whatever they typed stays
 * text, and cannot become a heading, a list, a table or HTML. */
#ifndef CLIENT_LITERAL_H
#define CLIENT_LITERAL_H

#include <stdio.h>

/* Writes each line of text after `prefix`; line ends that a person typed stay line ends. */
void literal_lines(FILE *out, const char *prefix, const char *text);

/* Writes it within one line of a table or a heading: line ends become spaces. */
void literal_line(FILE *out, const char *text);

#endif
