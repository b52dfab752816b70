package dev.polywire.house.broken.core.json;

import com.fasterxml.jackson.core.JsonParser;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Everything that core.json may use: no rule reports it. */
public interface IsStrict {

    JsonObject read(Buffer json);

    JsonParser parser();

    Instant time();
}
