package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The body of a received message, in the form that its content type selects, see {@link MessageJson}. */
final class BodyJson {

    /** A deeper or larger document is given as bytes: one megabyte of {@code []} would take a hundred in memory. */
    private static final StrictJson DOCUMENTS = new StrictJson(200, 100_000);

    private BodyJson() {}

    static JsonObject put(JsonObject message, BasicProperties properties, Buffer body) {
        String type = properties.contentType();
        if (type != null && properties.contentEncoding() == null && isUtf8(type)) {
            String media = media(type);
            if (isJson(media)) {
                Object value = json(body);
                if (value != null) {
                    return message.put("json", value);
                }
            } else if (media.startsWith("text/")) {
                String text = Utf8.text(body);
                if (text != null) {
                    return message.put("text", text);
                }
            }
        }
        return message.put("body", TypedValues.text(body.getBytes()));
    }

    /** {@code application/json; charset=utf-8} is {@code application/json}. */
    private static String media(String type) {
        int parameters = type.indexOf(';');
        return (parameters < 0 ? type : type.substring(0, parameters)).trim().toLowerCase(Locale.ROOT);
    }

    private static boolean isJson(String media) {
        return media.equals("application/json") || media.equals("text/json") || media.endsWith("+json");
    }

    /** UTF-8 unless the content type names another charset. */
    private static boolean isUtf8(String type) {
        String parameters = type.toLowerCase(Locale.ROOT).replace("\"", "");
        int at = parameters.indexOf("charset=");
        if (at < 0) {
            return true;
        }
        String charset = parameters.substring(at + "charset=".length()).split("[;\\s]", 2)[0];
        return charset.equals("utf-8") || charset.equals("us-ascii");
    }

    /** The literal null is given as bytes, since a null field counts as absent. */
    private static @Nullable Object json(Buffer body) {
        try {
            return DOCUMENTS.read(body);
        } catch (FieldException unfit) {
            return null;
        }
    }
}
