package dev.polywire.amqp.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.amqp.session.AmqpPublish;
import dev.polywire.amqp.wire.BasicProperties;
import dev.polywire.amqp.wire.Content;
import dev.polywire.amqp.wire.ContentMethod;
import dev.polywire.amqp.wire.Property;
import dev.polywire.core.json.FieldException;
import dev.polywire.core.json.Fields;
import dev.polywire.examples.Readme;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageJsonTest {

    @Test
    void theMessageOfThePage() {
        String shown = String.join("\n", Readme.block("docs/amqp.md", "message: to publish"));
        AmqpPublish read = MessageJson.read(Fields.at("message", new JsonObject(shown)));
        assertEquals("orders", read.exchange());
        assertEquals("7", read.content().properties().messageId());
        assertEquals("{\"item\":\"book\"}", read.content().body().toString());
    }

    /** The bytes are given in the form that the content type says, if they are what it says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                               | -    | {}     | 'body':'e30='",
                "application/json                | -    | {}     | 'json':{}",
                "Application/JSON; charset=UTF-8 | -    | [1,2]  | 'json':[1,2]",
                "application/vnd.me+json         | -    | \"s\"  | 'json':'s'",
                "application/json                | -    | 9007199254740993 | 'json':9007199254740993",
                "application/json                | -    | {      | 'body':'ew=='",
                "application/json                | -    | null   | 'body':'bnVsbA=='",
                "application/json                | -    | {\"a\":1,\"a\":2} | 'body':'eyJhIjoxLCJhIjoyfQ=='",
                "application/json                | gzip | {}     | 'body':'e30='",
                "application/json;charset=latin1 | -    | {}     | 'body':'e30='",
                "text/plain                      | -    | häß    | 'text':'häß'",
                "text/html; charset=\"utf-8\"    | -    | hi     | 'text':'hi'",
                "text/plain; charset=iso-8859-1  | -    | hi     | 'body':'aGk='",
                "application/octet-stream        | -    | hi     | 'body':'aGk='",
            })
    void aBodyAsItsContentTypeSays(String type, String encoding, String body, String given) {
        BasicProperties properties = BasicProperties.NONE;
        properties = type == null ? properties : properties.with(Property.CONTENT_TYPE, type);
        properties = encoding == null ? properties : properties.with(Property.CONTENT_ENCODING, encoding);
        JsonObject message = MessageJson.put(new JsonObject(), new Content(properties, Buffer.buffer(body)));
        message.remove("properties");
        assertEquals("{" + given.replace('\'', '"') + "}", message.encode());
    }

    @Test
    void textThatIsNoneIsBytes() {
        Content content = new Content(
                BasicProperties.NONE.with(Property.CONTENT_TYPE, "text/plain"), Buffer.buffer(new byte[] {-1}));
        assertEquals("/w==", MessageJson.put(new JsonObject(), content).getString("body"));
    }

    @Test
    void allProperties() {
        JsonObject properties = new JsonObject("""
                {"contentType":"text/plain","contentEncoding":"gzip","headers":{"a":1,"b":{"$type":"Timestamp","_value":7}},
                 "deliveryMode":2,"priority":255,"correlationId":"c","replyTo":"r","expiration":"60000","messageId":"m",
                 "timestamp":1795251600,"type":"t","userId":"u","appId":"a","clusterId":"x"}""");
        AmqpPublish read = read(new JsonObject().put("properties", properties).encode());
        assertEquals(properties, PropertiesJson.json(read.content().properties()));
        assertEquals(14, properties.size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{}                                                   | -                | ''",
                "{'body':'aGk='}                                      | -                | hi",
                "{'text':'hä'}                                        | text/plain       | hä",
                "{'json':{'a':[1]}}                                   | application/json | {\"a\":[1]}",
                "{'json':7,'properties':{'contentType':'x/y'}}        | x/y              | 7",
                "{'text':'\\ud83d\\ude00?'}                  | text/plain       | 😀?",
                "{'json':'\\ud800'}                          | application/json | \"\\uD800\"",
                "{'text':'<a/>','properties':{'contentType':'text/xml'}} | text/xml      | <a/>",
            })
    void isPublished(String message, String type, String body) {
        AmqpPublish read = read(message);
        assertEquals(type, read.content().properties().contentType());
        assertEquals(body, read.content().body().toString());
    }

    @Test
    void goesSomewhere() {
        AmqpPublish read = read("{'exchange':'logs','routingKey':'a.b','mandatory':true}");
        assertEquals("logs a.b true", read.exchange() + " " + read.routingKey() + " " + read.mandatory());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'exchnge':''}                            | message.exchnge: unknown field",
                "{'text':'a','body':'aGk='}                | message.body: beside another one",
                "{'body':'aGk=='}                          | message.body: a string (expected: base64",
                "{'properties':{'priority':256}}           | message.properties.priority: 256",
                "{'properties':{'deliveryMode':0}}         | message.properties.deliveryMode: 0",
                "{'properties':{'expiration':60000}}       | message.properties.expiration: 60000 (expected: a string)",
                "{'properties':{'timestamp':'now'}}        | message.properties.timestamp: a string",
                "{'properties':{'headers':{'a':{'$type':1}}}} | message.properties.headers.a: an object",
                "{'properties':{'content-type':'x'}}       | message.properties.content-type: unknown field",
                "{'text':'\\ud800'}                        | message.text: half a surrogate pair",
                "{'text':'what? \\udc00\\ud83d'}           | message.text: half a surrogate pair",
                "{'exchange':'\\ud800'}                    | message.exchange: half a surrogate pair",
                "{'routingKey':'a.\\ud800'}                | message.routingKey: half a surrogate pair",
                "{'properties':{'messageId':'\\ud800'}}    | message.properties.messageId: half a surrogate pair",
            })
    void isRefused(String message, String complaint) {
        FieldException bad = assertThrows(FieldException.class, () -> read(message));
        assertTrue(bad.getMessage().startsWith(complaint), bad::getMessage);
    }

    @Test
    void textsHaveTheLengthOfAmqp() {
        String most = "ä".repeat(127) + "x";
        assertEquals(most, read("{'routingKey':'" + most + "'}").routingKey());
        assertThrows(FieldException.class, () -> read("{'routingKey':'" + most + "x'}"));
        assertThrows(FieldException.class, () -> read("{'properties':{'messageId':'" + most + "x'}}"));
    }

    /** As the page of {@link RawRecord} says. */
    @Test
    void aRawRecord() {
        Buffer record = RawRecord.of(
                1,
                new ContentMethod.Deliver("tag", 9, false, "logs", ""),
                new Content(BasicProperties.NONE.with(Property.CONTENT_TYPE, "text/plain"), Buffer.buffer("hi")));
        assertEquals(
                "0000001f" + "00" + "000000000000000100" + "046c6f67730" + "0" + "80000a746578742f706c61696e" + "6869",
                HexFormat.of().formatHex(record.getBytes()));
    }

    private static AmqpPublish read(String message) {
        return MessageJson.read(Fields.at("message", new JsonObject(message.replace('\'', '"'))));
    }
}
