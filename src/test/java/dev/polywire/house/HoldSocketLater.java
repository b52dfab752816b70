package dev.polywire.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/** A socket that comes after its constructor may be missing for as long as its holder lives. */
final class HoldSocketLater extends ArchCondition<JavaClass> {

    private final String socket;

    /** @param base of the packages */
    HoldSocketLater(String base) {
        super("hold a socket that its constructor was not given");
        this.socket = base + ".core.net.MachineSocket";
    }

    @Override
    public void check(JavaClass from, ConditionEvents events) {
        for (JavaField field : from.getFields()) {
            if (field.getRawType().getName().equals(socket)
                    && !field.getModifiers().contains(JavaModifier.FINAL)) {
                events.add(SimpleConditionEvent.satisfied(from, field.getDescription()));
            }
        }
    }
}
