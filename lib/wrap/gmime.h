/* gmime.h - GMime's functions, loaded when the first mail is read. */
#ifndef WRAP_GMIME_H
#define WRAP_GMIME_H

#include <gmime/gmime.h>

#include "base/err.h"

/*
 * GMime brings twelve other libraries. To link all these takes each start of a
 * program longer than `check` takes for its answer, and most never see a mail.
 * So nothing links them: what is called of GMime and GObject stands here and
 * is called as `gmime->init()`. FIELD, FUNCTION.
 */
#define GMIME_CALLS(CALL)                                                    \
	CALL(init, g_mime_init)                                              \
	CALL(unref, g_object_unref)                                          \
	CALL(is_a, g_type_check_instance_is_a)                               \
	CALL(content_type_subtype, g_mime_content_type_get_media_subtype)    \
	CALL(content_type_type, g_mime_content_type_get_media_type)          \
	CALL(filter_charset_new, g_mime_filter_charset_new)                  \
	CALL(header_list_at, g_mime_header_list_get_header_at)               \
	CALL(header_list_count, g_mime_header_list_get_count)                \
	CALL(header_name, g_mime_header_get_name)                            \
	CALL(header_raw_value, g_mime_header_get_raw_value)                  \
	CALL(message_part, g_mime_message_get_mime_part)                     \
	CALL(message_subject, g_mime_message_get_subject)                    \
	CALL(message_part_message, g_mime_message_part_get_message)          \
	CALL(message_part_type, g_mime_message_part_get_type)                \
	CALL(multipart_count, g_mime_multipart_get_count)                    \
	CALL(multipart_part, g_mime_multipart_get_part)                      \
	CALL(multipart_type, g_mime_multipart_get_type)                      \
	CALL(object_content_type, g_mime_object_get_content_type)            \
	CALL(object_header_list, g_mime_object_get_header_list)              \
	CALL(object_parameter, g_mime_object_get_content_type_parameter)     \
	CALL(parser_message, g_mime_parser_construct_message)                \
	CALL(parser_new, g_mime_parser_new_with_stream)                      \
	CALL(parser_set_format, g_mime_parser_set_format)                    \
	CALL(parser_set_persist, g_mime_parser_set_persist_stream)           \
	CALL(part_content, g_mime_part_get_content)                          \
	CALL(part_type, g_mime_part_get_type)                                \
	CALL(content_write, g_mime_data_wrapper_write_to_stream)             \
	CALL(stream_filter_add, g_mime_stream_filter_add)                    \
	CALL(stream_filter_new, g_mime_stream_filter_new)                    \
	CALL(stream_flush, g_mime_stream_flush)                              \
	CALL(stream_mem_bytes, g_mime_stream_mem_get_byte_array)             \
	CALL(stream_mem_new, g_mime_stream_mem_new)                          \
	CALL(stream_mem_of, g_mime_stream_mem_new_with_buffer)               \
	CALL(stream_write, g_mime_stream_write)

struct gmime {
#define GMIME_FIELD(field, function) __typeof__(function) *field;
	GMIME_CALLS(GMIME_FIELD)
#undef GMIME_FIELD
};

/* GMime, set up; the same for all callers, for good. NULL: it cannot be loaded
 * (EX_UNAVAILABLE). */
const struct gmime *gmime_load(struct err *e);

#endif
