azure-simulator --speed 100 --environment azure.env &
until [ -s azure.env ]; do sleep 0.1; done

. ./azure.env
node power-off.ts 5d4f6a0e-3c1b-4f7e-9a52-0c7e8b1d2f30 rg-erp vm-erp-app-01
# or: az login --identity && az disk list --output table

kill $!
