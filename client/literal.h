/* client/literal.h -- text of people inside a Markdown document: whatever they typed stays
 * text, and cannot become a heading, a list, a table, a link or HTML, also where a reader of
 * Markdown makes links of bare addresses. */
#ifndef CLIENT_LITERAL_H
#define CLIENT_LITERAL_H

#include <stdio.h>

/* Writes each line of text after `prefix`; line ends that a person typed stay line ends. */
void literal_lines(FILE *out, const char *prefix, const char *text);

/* The same from where the stream stands: the first line gets no prefix, the last no end. */
void literal_lines_on(FILE *out, const char *prefix, const char *text);

/* Writes it within one line of a table or a heading: line ends become spaces. */
void literal_line(FILE *out, const char *text);

/* The same for what markdown_read_marked() gave: emphasis stays emphasis, the rest is text. In
 * the functions above its marks are dropped. */
void literal_marked_lines(FILE *out, const char *text);
void literal_marked_line(FILE *out, const char *text);

#endif
