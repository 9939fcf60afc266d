{{/* Our services by component: their key in values.yaml, their image, the port that they listen on, which servers and logins they need,
     and flags of Node.
     The monitor's flags, and its MALLOC_ARENA_MAX: left alone, V8 lets its short-lived garbage grow to 390 MiB at full speed, and glibc keeps
     an arena per thread; so it stays below 180. check:deploy holds them against those of the local stack. */}}
{{- define "discador.services" -}}
gateway: {key: gateway, app: gateway, port: 3000, needs: [postgresql, redis, rabbitmq]}
master: {key: master, app: discador-master, port: 3001, needs: [postgresql, redis, locks, rabbitmq, pbx]}
campaign-worker: {key: campaignWorker, app: campaign-worker, port: 3002, needs: [postgresql, redis, locks, rabbitmq, pbx, ami-dialer, ari-observer]}
ari-monitor:
  key: ariMonitor
  app: ari-monitor
  port: 3003
  needs: [redis, locks, rabbitmq, pbx, ari-observer]
  flags: [--max-semi-space-size=8, --heap-growing-percent=20]
monitoring-worker: {key: monitoringWorker, app: monitoring-worker, port: 3004, needs: [postgresql, redis, locks, rabbitmq, pbx, ami-monitor]}
record-shipper: {key: recordShipper, app: record-shipper, port: 3005, needs: [postgresql, redis, rabbitmq]}
{{- end -}}

{{/* The settings of a service that are no secrets, as variables; `settings` of its values wins. */}}
{{- define "discador.settings" -}}
{{- $root := .root -}}
{{- $service := get (include "discador.services" $root | fromYaml) .component -}}
HTTP_HOST: 0.0.0.0
HTTP_PORT: {{ $service.port | quote }}
SHUTDOWN_GRACE_SEC: {{ $root.Values.shutdownGraceSec | int64 | quote }}
{{- with $root.Values.otlpEndpoint }}
OTEL_EXPORTER_OTLP_ENDPOINT: {{ . | quote }}
{{- end }}
{{- $settings := merge (dict) (get $root.Values $service.key).settings (dict "logLevel" $root.Values.logLevel) }}
{{- range $setting, $value := $settings }}
{{ $setting | snakecase | upper }}: {{ include "discador.settingText" $value | quote }}
{{- end }}
{{- end -}}

{{/* Numbers come as floats and would read 1.073741824e+09; and off, without quotes, as false. */}}
{{- define "discador.settingText" -}}
{{- if kindIs "slice" . -}}{{ join "," . }}{{- else if kindIs "bool" . -}}{{ ternary "on" "off" . }}{{- else if kindIs "float64" . -}}{{ . | int64 }}{{- else -}}{{ . }}{{- end -}}
{{- end -}}
