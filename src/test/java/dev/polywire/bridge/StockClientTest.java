package dev.polywire.bridge;

import static dev.polywire.bridge.BridgeRig.call;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Node program that knows the stock bridge and nothing of ours. */
class StockClientTest {

    @Test
    void knowsItsWayThrough() {
        JsonObject config = new JsonObject()
                .put("serve", new JsonArray().add("service"))
                .put("listen", new JsonArray().add("news"));
        try (BridgeRig rig = new BridgeRig(config, call("echo"), call("nobody"), call("news"), call("service"));
                ForeignClient node = ForeignClient.node("stock.js", rig.port())) {
            rig.vertx.eventBus().consumer("echo", message -> message.reply(message.body()));
            List<String> heard = node.rest();
            assertEquals(
                    List.of(
                            "{'type':'pong'}",
                            "{'type':'message','address':'a-uuid','headers':{},'send':true,'body':{'value':'vert.x'}}",
                            "{'type':'err','address':'another','sourceAddress':'nobody','failureCode':4503,"
                                    + "'failureType':'NO_HANDLERS','message':'nobody at the address','debugInfo':"
                                    + "{'name':'UNAVAILABLE','retryable':true,'mayHaveExecuted':false}}",
                            "{'type':'message','address':'news','headers':{'h':'v'},'send':false," + "'body':{'n':1}}",
                            "{'type':'message','address':'service','replyAddress':'polywire.reply.1','headers':"
                                    + "{'timeout':'25000'},'send':true,'body':{'ask':1}}",
                            "{'type':'message','address':'served','headers':{},'send':true,'body':{'answer':2}}",
                            "{'type':'err','sourceAddress':'forbidden','failureCode':4403,'failureType':'ERROR',"
                                    + "'message':'access_denied','debugInfo':{'name':'FORBIDDEN','retryable':false,"
                                    + "'mayHaveExecuted':false,"
                                    + "'detail':'address: not permitted to serve or to listen to'}}"),
                    heard.stream().map(line -> line.replace('"', '\'')).toList());
        }
    }
}
