"""Run by azure-sdk-python.test.ts: takes the simulated Azure for Azure and prints what it saw."""
import json
import sys

from azure.core.exceptions import HttpResponseError
from azure.identity import ManagedIdentityCredential
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.compute import ComputeManagementClient
from azure.mgmt.resource import ResourceManagementClient

subscription, encryption_set = sys.argv[1:3]
credential = ManagedIdentityCredential()
compute = ComputeManagementClient(credential, subscription)
resources = ResourceManagementClient(credential, subscription)
roles = AuthorizationManagementClient(credential, subscription)
customer_key = {
    "type": "EncryptionAtRestWithCustomerKey",
    "disk_encryption_set_id": encryption_set,
}


def refusal(work):
    try:
        work()
    except HttpResponseError as error:
        return {"status": error.status_code, "code": error.error.code, "text": error.error.message}
    return None


def disks():
    pages = [[disk.name for disk in page] for page in compute.disks.list().by_page()]
    made = compute.disks.begin_create_or_update(
        "rg-data",
        "py-disk",
        {"location": "northeurope", "creation_data": {"create_option": "Empty"}, "disk_size_gb": 8},
    ).result()
    changed = compute.disks.begin_update(
        "rg-data", "py-disk", {"encryption": customer_key, "tags": {"a": "b"}}
    ).result()
    access = compute.disks.begin_grant_access(
        "rg-data", "py-disk", {"access": "Read", "duration_in_seconds": 60}
    ).result()
    exported = compute.disks.get("rg-data", "py-disk")
    compute.disks.begin_revoke_access("rg-data", "py-disk").result()
    compute.disks.begin_delete("rg-data", "py-disk").result()
    return {
        "pages": [len(page) for page in pages],
        "made": [made.disk_state, made.encryption.type, made.disk_size_gb],
        "changed": [changed.encryption.type, changed.encryption.disk_encryption_set_id, changed.tags],
        "sas": access.access_sas[:8],
        "exported": exported.disk_state,
        "gone": refusal(lambda: compute.disks.get("rg-data", "py-disk")),
        "shrunk": refusal(
            lambda: compute.disks.begin_update(
                "rg-data", "disk-archive-02", {"disk_size_gb": 4}
            ).result()
        ),
        "attached": refusal(
            lambda: compute.disks.begin_update(
                "rg-erp", "vm-erp-01-data-1", {"encryption": customer_key}
            ).result()
        ),
    }


def machines():
    where = ("rg-erp", "vm-erp-app-01")
    pages = [len(list(page)) for page in compute.virtual_machines.list_all().by_page()]
    before = compute.virtual_machines.instance_view(*where).statuses[-1].code
    compute.virtual_machines.begin_deallocate(*where).result()
    off = compute.virtual_machines.get(*where, expand="instanceView")
    compute.virtual_machines.begin_start(*where).result()
    compute.virtual_machines.begin_restart(*where).result()
    tagged = compute.virtual_machines.begin_update(*where, {"tags": {"by": "python"}}).result()
    on = compute.virtual_machines.get(*where, expand="instanceView")
    return {
        "pages": pages,
        "before": before,
        "off": [off.instance_view.statuses[-1].code, off.storage_profile.os_disk.disk_size_gb],
        "tagged": tagged.tags,
        "on": on.instance_view.statuses[-1].code,
    }


def sets():
    where = ("rg-keys", "py-set")
    pages = [len(list(page)) for page in compute.disk_encryption_sets.list().by_page()]
    template = compute.disk_encryption_sets.get("rg-keys", "des-northeurope")
    made = compute.disk_encryption_sets.begin_create_or_update(
        *where,
        {
            "location": "northeurope",
            "identity": {"type": "SystemAssigned"},
            "active_key": {"key_url": template.active_key.key_url},
        },
    ).result()
    changed = compute.disk_encryption_sets.begin_update(
        *where, {"rotation_to_latest_key_version_enabled": True}
    ).result()
    used = list(compute.disk_encryption_sets.list_associated_resources("rg-keys", "des-legacy-weu"))
    compute.disk_encryption_sets.begin_delete(*where).result()
    return {
        "pages": pages,
        "made": [made.identity.type, made.provisioning_state, made.rotation_to_latest_key_version_enabled],
        "changed": changed.rotation_to_latest_key_version_enabled,
        "used": len(used),
    }


def access():
    scope = f"/subscriptions/{subscription}/resourceGroups/rg-web"
    [role] = roles.role_definitions.list(scope, filter="roleName eq 'Reader'")
    made = roles.role_assignments.create(
        scope,
        "33333333-3333-4333-8333-333333333333",
        {
            "role_definition_id": role.id,
            "principal_id": "44444444-4444-4444-8444-444444444444",
            "principal_type": "ServicePrincipal",
        },
    )
    found = list(roles.role_assignments.list_for_scope(scope, filter="atScope()"))
    resources.resource_groups.create_or_update("py-group", {"location": "westeurope"})
    resources.resource_groups.begin_delete("py-group").result()
    return {
        "role": made.role_definition_id == role.id,
        "assignments": len(found),
        "exists": resources.resource_groups.check_existence("py-group"),
    }


json.dump({"disks": disks(), "machines": machines(), "sets": sets(), "access": access()}, sys.stdout)
