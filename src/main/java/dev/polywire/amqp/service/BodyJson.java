package dev.polywire.amqp.service;

import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.core.bus.BytesJson;
import dev.polywire.core.json.TypedValues;
import dev.polywire.core.wire.Utf8;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** The body of a received message, in the form that its content type selects, see {@link MessageJson}. */
final class BodyJson {

    private BodyJson() {}

    static JsonObject put(JsonObject message, BasicProperties properties, Buffer body) {
        String type = properties.contentType();
        if (type != null && properties.contentEncoding() == null && isUtf8(type)) {
            String media = media(type);
            if (isJson(media)) {
                Object value = BytesJson.document(body);
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
}
