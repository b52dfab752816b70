package dev.polywire.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EndpointOptionsTest {

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("{'port':1}", EndpointOptions.of("127.0.0.1", 1)),
                Arguments.of("{'port':'65535','host':'db','tls':null}", EndpointOptions.of("db", 65_535)),
                Arguments.of(
                        "{'port':0,'connectTimeoutMillis':600000,'tls':{}}",
                        new EndpointOptions("127.0.0.1", 0, 600_000, new TlsOptions(null, null, null, true))),
                Arguments.of(
                        "{'port':1,'tls':{'trust':'t','certificate':'c','key':'k','verifyHost':false}}",
                        new EndpointOptions("127.0.0.1", 1, 10_000, new TlsOptions("t", "c", "k", false))));
    }

    @ParameterizedTest
    @MethodSource("values")
    void reads(String json, EndpointOptions options) {
        Fields fields = fields(json);
        assertEquals(options, EndpointOptions.fromJson(fields));
        fields.done();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{}                                   | port: missing (expected: 0 to 65535)",
                "{'port':65536}                       | port: 65536 (expected: 0 to 65535)",
                "{'port':1,'connectTimeoutMillis':0}  | connectTimeoutMillis: 0 (expected: 1 to 600000)",
                "{'port':1,'tls':true}                | tls: true (expected: an object)",
                "{'port':1,'tls':{'trusted':'x'}}     | tls.trusted: unknown field",
                "{'port':1,'tls':{'certificate':'x'}} | tls.key: missing (expected: certificate and key, or neither)",
                "{'port':1,'tls':{'key':'x'}}         | tls.certificate: missing (expected: certificate and key, or neither)",
            })
    void complains(String json, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> EndpointOptions.fromJson(fields(json)));
        assertEquals(complaint, bad.getMessage());
    }

    private static Fields fields(String json) {
        return Fields.of(new JsonObject(json.replace('\'', '"')));
    }
}
