package dev.polywire.framed.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import dev.polywire.testing.FramedPeer;
import dev.polywire.testing.Items;
import dev.polywire.testing.Outcome;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jackson's CBOR at the other end: it reads what we write, and we read what it writes. */
class FramedCborTest {

    private static final CBORFactory JACKSON = CBORFactory.builder()
            .enable(CBORParser.Feature.DECODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .enable(CBORGenerator.Feature.ENCODE_USING_STANDARD_NEGATIVE_BIGINT_ENCODING)
            .build();

    private final FramedBus bus = new FramedBus();

    @AfterEach
    void close() {
        bus.close();
    }

    private interface Writing {
        void to(CBORGenerator out) throws IOException;
    }

    private static Buffer written(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CBORGenerator out = JACKSON.createGenerator(bytes)) {
            writing.to(out);
        }
        return Buffer.buffer(bytes.toByteArray());
    }

    /** Everything that Jackson can say, in the forms it prefers: arrays without a length, floats of 32 bits. */
    @Test
    void weReadJackson() throws IOException {
        Buffer payload = written(out -> {
            out.writeStartArray();
            out.writeNull();
            out.writeBoolean(true);
            out.writeNumber(-1);
            out.writeNumber(Long.MIN_VALUE);
            out.writeNumber(java.math.BigInteger.TEN.pow(30));
            out.writeNumber(java.math.BigInteger.TEN.pow(30).negate());
            out.writeNumber(1.5f);
            out.writeNumber(Double.POSITIVE_INFINITY);
            out.writeString("häß☃ 😀");
            out.writeString("x".repeat(100_000));
            out.writeBinary(new byte[] {0, (byte) 0xff});
            out.writeStartObject();
            out.writeFieldName("a");
            out.writeStartArray(null, 0);
            out.writeEndArray();
            out.writeFieldId(7);
            out.writeTag(1);
            out.writeNumber(1_363_896_240);
            out.writeEndObject();
            out.writeEndArray();
        });
        int port = bus.server("cbor");
        try (FramedPeer peer = FramedPeer.connect(port);
                Items items = bus.items(bus.server())) {
            peer.write(FramedPeer.frame(payload));
            JsonObject item = items.next();
            assertEquals(
                    "[null,true,-1,{\"$int\":\"-9223372036854775808\"},"
                            + "{\"$int\":\"1000000000000000000000000000000\"},"
                            + "{\"$int\":\"-1000000000000000000000000000000\"},1.5,{\"$float\":\"Infinity\"},"
                            + "\"häß☃ 😀\",\"" + "x".repeat(100_000) + "\",{\"$bytes\":\"AP8=\"},"
                            + "{\"$dict\":[[\"a\",[]],[7,{\"$tag\":[1,1363896240]}]]}]",
                    item.getJsonArray("value").encode());
            Outcome.value(bus.server().send(item));
            assertEquals(tokens(payload), tokens(peer.read()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "null                                  | VALUE_NULL null",
                "9007199254740993                      | VALUE_NUMBER_INT 9007199254740993",
                "{\"$int\":\"-18446744073709551617\"}  | VALUE_NUMBER_INT -18446744073709551617",
                "{\"$float\":\"NaN\"}                  | VALUE_NUMBER_FLOAT NaN",
                "\"häß☃\"                              | VALUE_STRING häß☃",
                "{\"$bytes\":\"AP8=\"}                 | VALUE_EMBEDDED_OBJECT 00ff",
                "{\"a\":[1.5,false]} | START_OBJECT, FIELD_NAME a, START_ARRAY, VALUE_NUMBER_FLOAT 1.5, VALUE_FALSE false, END_ARRAY, END_OBJECT",
                "{\"$set\":[1]}      | START_ARRAY tag 258, VALUE_NUMBER_INT 1, END_ARRAY",
                "{\"$tag\":[0,\"2013-03-21T20:04:00Z\"]} | VALUE_STRING 2013-03-21T20:04:00Z tag 0",
            })
    void jacksonReadsUs(String value, String tokens) throws IOException {
        try (FramedPeer.Door door = new FramedPeer.Door()) {
            bus.client(door.port(), "cbor");
            try (FramedPeer peer = door.accept()) {
                Outcome.value(bus.client().send(new JsonObject("{\"value\":" + value.strip() + "}")));
                assertEquals(tokens, String.join(", ", tokens(peer.read())));
            }
        }
    }

    private static List<String> tokens(Buffer payload) throws IOException {
        List<String> tokens = new ArrayList<>();
        try (CBORParser in = JACKSON.createParser(payload.getBytes())) {
            for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
                String tag = in.getCurrentTag() < 0 ? "" : " tag " + in.getCurrentTag();
                if (token == JsonToken.VALUE_EMBEDDED_OBJECT) {
                    tokens.add(token + " " + HexFormat.of().formatHex(in.getBinaryValue()) + tag);
                } else {
                    tokens.add(token
                            + (token.isScalarValue() || token == JsonToken.FIELD_NAME ? " " + in.getText() : "")
                            + tag);
                }
            }
        }
        return tokens;
    }
}
