package dev.polywire.core.bus.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.polywire.core.bus.binding.BindingService;
import dev.polywire.core.bus.stream.StreamService;
import dev.polywire.testing.probe.ProbeService;
import io.vertx.codegen.annotations.Nullable;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from an interface; what messages it takes is in {@link MalformedRequestTest}. */
class ServiceShapeTest {

    interface LeavesOutAList {
        Future<Void> method(@Nullable List<String> names);
    }

    interface LeavesOutAPrimitive {
        Future<Void> method(@Nullable int n);
    }

    interface TakesAMap {
        Future<Void> method(Map<String, String> map);
    }

    interface TakesListsOfLists {
        Future<Void> method(List<List<String>> lists);
    }

    @Test
    void actionsAreTheMethodsThatHaveAProxy() {
        assertEquals(
                Set.of("echo", "lists", "hang", "expire", "fail", "open", "bind", "status"),
                new ServiceShape(ProbeService.class).actions());
        assertEquals(Set.of("next", "settle", "close"), new ServiceShape(StreamService.class).actions());
        assertEquals(Set.of("status", "close"), new ServiceShape(BindingService.class).actions());
    }

    @ParameterizedTest
    @ValueSource(classes = {LeavesOutAList.class, LeavesOutAPrimitive.class, TakesAMap.class, TakesListsOfLists.class})
    void whatTheHandlerWouldNotSurviveIsRefusedAtTheStart(Class<?> service) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new ServiceShape(service));
        assertTrue(refused.getMessage().contains("method"), refused::getMessage);
    }

    @Test
    void aBodyIsCopiedOnlyWhenANumberCameAsAString() {
        ServiceShape shape = new ServiceShape(ProbeService.class);
        JsonObject body = new JsonObject().put("names", new JsonArray()).put("numbers", new JsonArray().add(1));
        assertSame(body, shape.read("lists", body));

        JsonObject text =
                body.copy().put("numbers", new JsonArray().add("1").add(2)).put("wide", "3");
        JsonObject sent = text.copy();
        assertEquals(
                body.copy().put("numbers", new JsonArray().add(1L).add(2)).put("wide", 3L), shape.read("lists", text));
        assertEquals(sent, text);
    }
}
