/* server/record_ids.h -- which ids of a session are taken. Those of the public stream are known
 * to the core, those of waiting answers stand in their rows; here are the own streams', whose
 * ids nobody else may take either, or an honest client would see one twice. */
#ifndef SERVER_RECORD_IDS_H
#define SERVER_RECORD_IDS_H

#include "server/record.h"

/* Errors: STATUS_NOMEM. */
MUST_CHECK enum status record_ids_add(struct record *record, const uint8_t *id, uint16_t author,
                                      uint64_t index);

/* Where the id is held, told to whom may know it.
 * Errors: STATUS_NOT_FOUND (free), STATUS_DUPLICATE (taken by somebody else). */
MUST_CHECK enum status record_ids_find(const struct record *record, const struct entry *entry,
                                       uint16_t asker, struct placed *placed_out);

#endif
