/* News of people as notes: who came, who went, who waits, who is called alike. */
#include "client/faces/plain.h"
#include "client/say.h"
#include "client/words.h"

static void tell_presence(struct plain *plain, const struct model_member *member, uint8_t *seen)
{
    uint32_t key = plain_key(NEWS_MEMBERS, member->number);

    if (member->present && (*seen & SEEN_GONE) != 0) {
        *seen &= (uint8_t) ~(unsigned)SEEN_GONE;
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is connected again."),
                   member->name);
    } else if (!member->present && (*seen & SEEN_PRESENT) != 0) {
        *seen |= SEEN_GONE;
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is not connected any more."),
                   member->name);
    }
}

/* What a facilitator is told about one member. */
static void tell_member(struct plain *plain, const struct model *model,
                        const struct model_member *member)
{
    uint8_t *seen = &plain->seen_members[member->number];
    unsigned was_state = *seen & SEEN_STATE;
    uint32_t key = plain_key(NEWS_MEMBERS, member->number);

    if (member->me) {
        return;
    }
    if (member->state == was_state && member->state == MEMBER_ADMITTED) {
        tell_presence(plain, member, seen);
    } else if (member->state == MEMBER_LOBBY && was_state != MEMBER_LOBBY &&
               model->admission == ADMISSION_BY_HAND) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0,
                   SAY("%s (%s) waits to be let in: /admit %u lets them in."), member->name,
                   words_of_role(member->role), (unsigned)member->number);
    } else if (member->state == MEMBER_ADMITTED) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0,
                   SAY("%s is in, as %s. In the circle: %u%s"), member->name,
                   words_of_role(member->role), (unsigned)model->admitted_count,
                   member->namesake ? SAY(". Somebody else bears that name, so the number is "
                                          "shown with it.")
                                    : "");
    } else if (member->state == MEMBER_REMOVED && was_state != MEMBER_REMOVED) {
        plain_note(plain, key, NOTE_SHOW_NOTHING, 0, SAY("%s is not in the session any more."),
                   member->name);
    }
    *seen = (uint8_t)((unsigned)member->state | (member->present ? SEEN_PRESENT : 0) |
                      (*seen & SEEN_GONE));
}

/* Once, when everyone the guide needs is there. */
static void tell_missing(struct plain *plain, const struct model *model)
{
    bool missing = model->missing.observer || model->missing.people > 0;

    if (plain->missing && !missing && model->here == 0) {
        plain_note(plain, plain_key(NEWS_MEMBERS, 0), NOTE_SHOW_NOTHING, 0, "%s",
                   SAY("Everyone this guide needs is there. /next opens the first step."));
    }
    plain->missing = missing;
}

/* Somebody came who has one's own name. */
static void tell_namesake(struct plain *plain, const struct model *model)
{
    const struct model_member *me = model_member(model, model->me);
    bool namesake = me != NULL && me->namesake;

    if (namesake && !plain->namesake) {
        plain_note(plain, plain_key(NEWS_MEMBERS, MEMBERS_MAX + 1), NOTE_SHOW_NOTHING, 0,
                   SAY("Somebody else here bears your name, so everyone sees you as %s. /name "
                       "changes it."),
                   me->name);
    }
    plain->namesake = namesake;
}

void plain_members(struct plain *plain, const struct model *model, const struct news *news)
{
    (void)news;
    tell_namesake(plain, model);
    if (model->facilitator) {
        for (uint16_t i = 0; i < model->member_count; i++) {
            tell_member(plain, model, &model->members[i]);
        }
        tell_missing(plain, model);
    } else if (model->standing == STANDING_MEMBER &&
               model->admitted_count != plain->admitted_count) {
        plain_note(plain, plain_key(NEWS_MEMBERS, 0), NOTE_SHOW_NOTHING, 0,
                   SAY("In the circle: %u"), (unsigned)model->admitted_count);
    }
    plain->admitted_count = model->admitted_count;
}
