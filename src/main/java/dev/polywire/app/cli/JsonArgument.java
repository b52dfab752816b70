package dev.polywire.app.cli;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The arguments of an action: a JSON object, or {@code -} for one on standard input. */
final class JsonArgument implements ITypeConverter<JsonObject> {

    private static final int MAX_DEPTH = 1_000;

    @Override
    public JsonObject convert(String text) throws IOException {
        byte[] json = text.equals("-") ? System.in.readAllBytes() : text.getBytes(StandardCharsets.UTF_8);
        try {
            if (new StrictJson(MAX_DEPTH).read(Buffer.buffer(json)) instanceof JsonObject object) {
                return object;
            }
        } catch (FieldException malformed) {
            throw new TypeConversionException(malformed.getMessage());
        }
        throw new TypeConversionException("json: not an object (expected: one field for each argument)");
    }
}
