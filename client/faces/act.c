/* What a face does on somebody's behalf: a row of the table of intents, with its sentence. */
#include <stdio.h>

#include "client/faces/base.h"
#include "client/words.h"

enum status face_act(struct face *face, const struct intent *intent,
                     const struct intent_values *values, char *detail)
{
    struct intent_context context = {
        .client = face_client_of(face),
        .member = client_member(face_client_of(face)),
        .model = face_model(face),
        .now_ms = face_now_ms(face),
    };
    enum status status;

    detail[0] = '\0';
    if (!intent_is_offered(intent, context.model)) {
        status = context.model->standing == STANDING_MEMBER    ? STATUS_FORBIDDEN
                 : context.model->standing == STANDING_REMOVED ? STATUS_REMOVED
                                                               : STATUS_NOT_ADMITTED;
    } else {
        status = intent_check(intent, values, detail);
        if (status == STATUS_OK) {
            status = intent->run(&context, values);
        }
    }
    if (status != STATUS_OK && detail[0] == '\0') {
        (void)snprintf(detail, INTENT_DETAIL_BYTES_MAX, "%s",
                       context.detail[0] != '\0' ? context.detail : words_of_status(status));
    }
    return status;
}
